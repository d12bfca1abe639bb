// SPDX-License-Identifier: Apache-2.0
package dev.lutra.map.host;

import dev.lutra.machine.UserException;
import dev.lutra.map.forward.LinearBackend;
import dev.lutra.map.model.Region;
import dev.lutra.map.quant.QuantizedModel;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * The linear layers of a model by table lookup on the host: a device where there is none, and a second opinion on the sums of the
 * others. It knows neither tiles nor packed images, and of {@link dev.lutra.map.forward.ReferenceBackend} only the codes it starts from.
 */
public final class HostBackend implements LinearBackend {

    /** What the command line calls it. */
    public static final String ADDRESS = "host:lut";

    private final HostKernels kernels;
    private final Map<Region, List<HostProduct>> products = new EnumMap<>(Region.class);

    /** With the fastest kernels there are. */
    public HostBackend(QuantizedModel model) {
        this(model, HostKernels.best());
    }

    public HostBackend(QuantizedModel model, HostKernels kernels) {
        if (model.quantization().activations().bytes() > 1) {
            throw UserException.badInput(
                    ADDRESS + " takes activations of at most 8 bits, not "
                            + model.quantization().activations(),
                    "Choose a machine with activations of 2 to 8 bits, or --device reference.");
        }
        this.kernels = kernels;
        for (Region region : Region.values()) {
            int layers = !model.has(region)
                    ? 0
                    : region == Region.HEAD ? 1 : model.model().config().layers();
            List<HostProduct> ofLayers = new ArrayList<>();
            for (int layer = 0; layer < layers; layer++) {
                ofLayers.add(kernels.lookup(PlaneMatrix.of(model.matrix(region, layer))));
            }
            products.put(region, ofLayers);
        }
    }

    /** For people: which kernels it uses. */
    public String description() {
        return ADDRESS + " (" + kernels.name() + ")";
    }

    @Override
    public long[][] run(Region region, int layer, byte[][] rows) {
        List<HostProduct> ofLayers = products.getOrDefault(region, List.of());
        if (ofLayers.isEmpty()) {
            throw new IllegalArgumentException(region + " is not quantised");
        }
        HostProduct product = ofLayers.get(layer);
        long[][] sums = new long[rows.length][];
        for (int i = 0; i < rows.length; i++) {
            sums[i] = product.multiply(rows[i]);
        }
        return sums;
    }
}
