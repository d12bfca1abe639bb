// SPDX-License-Identifier: Apache-2.0
/**
 * Products on the host itself, exact: by table lookup in the manner of T-MAC (EuroSys 2025), and the plain INT8 dot product that it is
 * measured against. Each exists in plain Java and with the JDK's vector API, which is an incubator module and may be missing.
 */
@NullMarked
package dev.lutra.map.host;

import org.jspecify.annotations.NullMarked;
