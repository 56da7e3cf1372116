package org.capitania.registry.web;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/**
 * Whether an address is one that everybody on the internet could ask. Everything else is not: what the special-purpose registries of IANA set
 * aside for private, local, shared, test, translation, tunnel and group use, and all of IPv6 that is not global unicast.
 */
final class PublicAddress {

    /** The first bits of an address; {@code bytes} is as long as an address. */
    private record Range(byte[] bytes, int bits) {
        static Range of(String text) {
            String[] parts = text.split("/");
            return new Range(HexFormat.of().parseHex(parts[0]), Integer.parseInt(parts[1]));
        }

        boolean holds(byte[] address) {
            if (address.length != bytes.length) {
                return false;
            }
            for (int bit = 0; bit < bits; bit++) {
                int mask = 0x80 >> (bit % 8);
                if ((address[bit / 8] & mask) != (bytes[bit / 8] & mask)) {
                    return false;
                }
            }
            return true;
        }
    }

    private static final List<Range> NOT_PUBLIC = Stream.of(
                    "00000000/8", // this network
                    "0a000000/8", // private
                    "64400000/10", // shared by carriers
                    "7f000000/8", // loopback
                    "a9fe0000/16", // link-local, and where clouds tell secrets
                    "ac100000/12", // private
                    "c0000000/24", // protocol assignments
                    "c0000200/24", // documentation
                    "c01fc400/24", // AS112
                    "c034c100/24", // AMT
                    "c0586300/24", // 6to4 relays
                    "c0a80000/16", // private
                    "c0af3000/24", // AS112
                    "c6120000/15", // benchmarks
                    "c6336400/24", // documentation
                    "cb007100/24", // documentation
                    "a83f8110/32", // a cloud's own services
                    "e0000000/4", // groups
                    "f0000000/4", // reserved, and broadcast
                    "20010000000000000000000000000000/23", // protocol assignments, Teredo among them
                    "20010db8000000000000000000000000/32", // documentation
                    "20020000000000000000000000000000/16", // 6to4: an IPv4 address in disguise
                    "2620004f800000000000000000000000/48", // AS112
                    "3fff0000000000000000000000000000/20" // documentation
                    )
            .map(Range::of)
            .toList();
    private static final Range GLOBAL_UNICAST = Range.of("20000000000000000000000000000000/3");

    private PublicAddress() {}

    static boolean is(InetAddress address) {
        byte[] bytes = address.getAddress();
        boolean possible = address instanceof Inet4Address || GLOBAL_UNICAST.holds(bytes);
        return possible && NOT_PUBLIC.stream().noneMatch(range -> range.holds(bytes));
    }
}
