// SPDX-License-Identifier: Apache-2.0
package dev.lutra.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IoReasonTest {
    @TempDir
    Path folder;

    @Test
    void whatTheJdkSaysWithAClassIsSaidInWords() throws IOException {
        Path file = Files.createFile(folder.resolve("file"));
        assertThat(reason(() -> Files.readString(folder.resolve("none")))).isEqualTo("no such file");
        assertThat(reason(() -> Files.createDirectories(file))).isEqualTo("a file of this name is in the way");
        assertThat(reason(() -> Files.newDirectoryStream(file).close())).isEqualTo("not a folder");
        assertThat(reason(() -> Files.readString(file.resolve("x")))).isEqualTo("Not a directory");
        assertThat(IoReason.of(new AccessDeniedException("x"))).isEqualTo("permission denied");
        assertThat(IoReason.of(new IOException("No space left on device"))).isEqualTo("No space left on device");
        assertThat(IoReason.of(new IOException())).isEqualTo("IOException");
    }

    private interface Act {
        void run() throws IOException;
    }

    private static String reason(Act act) {
        return IoReason.of(catchThrowableOfType(IOException.class, act::run));
    }
}
