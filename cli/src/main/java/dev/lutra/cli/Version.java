// SPDX-License-Identifier: Apache-2.0
package dev.lutra.cli;

import picocli.CommandLine.IVersionProvider;

/** The version in the jar's manifest; classes that run from a folder have none. */
final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
        return new String[] {"lutra " + text()};
    }

    static String text() {
        String version = Version.class.getPackage().getImplementationVersion();
        return version == null ? "(development)" : version;
    }
}
