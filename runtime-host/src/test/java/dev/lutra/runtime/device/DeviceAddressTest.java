// SPDX-License-Identifier: Apache-2.0
package dev.lutra.runtime.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lutra.machine.UserException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class DeviceAddressTest {

    @Test
    void schemeNameAndOptions() {
        DeviceAddress address = DeviceAddress.parse("sim:verilator?latency=40&machine=a=b.json");
        assertThat(address.scheme()).isEqualTo("sim");
        assertThat(address.name()).isEqualTo("verilator");
        assertThat(address.options()).containsEntry("machine", "a=b.json");
        assertThat(address.number("latency", 1, 1, 100)).isEqualTo(40);
        assertThat(address.number("absent", 7, 1, 100)).isEqualTo(7);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "sim", ":x", "sim:x?latency", "sim:x?=1", "sim:x?a=1&a=2", "a?b:c"})
    void anythingElseIsRefused(String text) {
        assertThatThrownBy(() -> DeviceAddress.parse(text)).isInstanceOf(UserException.class);
    }

    @Test
    void valuesAreChecked() {
        DeviceAddress address = DeviceAddress.parse("sim:x?latency=many&size=3");
        assertThatThrownBy(() -> address.number("latency", 1, 1, 100))
                .isInstanceOfSatisfying(
                        UserException.class, e -> assertThat(e.hint()).isNull())
                .hasMessageContaining("'many'")
                .hasMessageContaining("1..100");
        assertThatThrownBy(() -> address.number("size", 1, 4, 100)).isInstanceOf(UserException.class);
        assertThatThrownBy(() -> address.allowOptions("latency"))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("'size'");
    }

    @Test
    void anUnknownSchemeIsSaid() {
        assertThatThrownBy(() -> Device.open("nothing:here"))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("'nothing'");
    }
}
