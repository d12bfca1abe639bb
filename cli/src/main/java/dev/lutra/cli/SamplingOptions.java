// SPDX-License-Identifier: Apache-2.0
package dev.lutra.cli;

import dev.lutra.runtime.text.Sampler;
import picocli.CommandLine.Option;

/** How tokens are chosen. The defaults of the fields are set by each command. */
final class SamplingOptions {

    @Option(names = "--temperature", paramLabel = "T", description = "0 is greedy. Default: 0 for run, 0.7 for demo.")
    double temperature;

    @Option(
            names = "--top-k",
            paramLabel = "K",
            description = "Choose from so many tokens, the most likely ones; 0: from all. Default: 0.")
    int topK;

    @Option(
            names = "--top-p",
            paramLabel = "P",
            description = "Probability mass to choose from, above 0 up to 1. Default: 1 for run, 0.9 for demo.")
    double topP;

    @Option(names = "--seed", paramLabel = "S", description = "Seed of the choice. Default: 1.")
    long seed = 1;

    SamplingOptions(double temperature, double topP) {
        this.temperature = temperature;
        this.topP = topP;
    }

    Sampler sampler() {
        return new Sampler(temperature, topK, topP, seed);
    }
}
