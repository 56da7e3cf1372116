package org.capitania.registry.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where a request may go. */
class DestinationTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0.0.0.0",
                "0.1.2.3",
                "10.0.0.1",
                "100.64.0.1",
                "100.127.255.255",
                "127.0.0.1",
                "127.8.9.10",
                "169.254.169.254",
                "172.16.0.1",
                "172.31.255.255",
                "192.0.0.1",
                "192.0.2.1",
                "192.88.99.1",
                "192.168.1.1",
                "198.18.0.1",
                "198.51.100.1",
                "203.0.113.1",
                "168.63.129.16",
                "224.0.0.1",
                "239.255.255.255",
                "240.0.0.1",
                "255.255.255.255",
                "::",
                "::1",
                "::ffff:127.0.0.1",
                "::ffff:10.0.0.1",
                "::127.0.0.1",
                "64:ff9b::7f00:1",
                "64:ff9b::808:808",
                "64:ff9b:1::1",
                "100::1",
                "2001::1",
                "2001:db8::1",
                "2002:7f00:1::1",
                "3fff::1",
                "fc00::1",
                "fd00:ec2::254",
                "fe80::1",
                "fec0::1",
                "ff02::1"
            })
    void shouldTakeNoAddressForPublicThatIsNot(String address) throws UnknownHostException {
        assertThat(PublicAddress.is(InetAddress.getByName(address))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1.1.1.1",
                "9.255.255.255",
                "11.0.0.0",
                "100.63.255.255",
                "100.128.0.0",
                "172.15.0.1",
                "172.32.0.1",
                "192.0.1.1",
                "198.17.255.255",
                "198.20.0.0",
                "223.255.255.255",
                "2606:4700::1111",
                "2a00:1450:4003::1"
            })
    void shouldTakeAPublicAddressForOne(String address) throws UnknownHostException {
        assertThat(PublicAddress.is(InetAddress.getByName(address))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://2130706433/",
                "http://0x7f000001/",
                "http://0x7f.0.0.1/",
                "http://0177.0.0.1/",
                "http://017700000001/",
                "http://127.1/",
                "http://127.0.1/",
                "http://127.0.0.1./",
                "http://127.0.0.01/",
                "http://a.127/",
                "http://[fe80::1%25eth0]/",
                "http://user@example.com/",
                "http://user:pw@example.com/",
                "ftp://example.com/",
                "file:///etc/passwd",
                "http:example.com",
                "javascript:alert(1)",
                "//example.com/",
                "http:///x",
                "http://exämple.com/",
                "http://example.com:22/",
                "http://example.com:8082/",
                "https://example.com:0/",
                "http://[::1]/",
                "http://[::ffff:127.0.0.1]/",
                "http://127.0.0.1/",
                "http://169.254.169.254/latest/meta-data/"
            })
    void shouldRefuseOddSpellingsAndWhatIsNotPublic(String url) {
        assertThatThrownBy(() -> destination(url, host -> List.of(InetAddress.getByName(literal(host)))))
                .as(url)
                .isInstanceOf(CapitaniaException.class);
    }

    private static String literal(String host) {
        return host.contains(":") || host.matches("[0-9.]+") ? host : "1.1.1.1";
    }

    @Test
    void shouldRefuseAHostWhenOneOfItsAddressesIsPrivate() {
        assertThatThrownBy(() -> destination(
                        "https://example.com/",
                        host -> List.of(InetAddress.getByName("1.1.1.1"), InetAddress.getByName("10.0.0.1"))))
                .isInstanceOfSatisfying(
                        CapitaniaException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CROSS_SCOPE_VIOLATION));
    }

    @Test
    void shouldKeepPathAndQueryAndLeaveTheFragment() {
        Destination destination =
                destination("HTTPS://Example.com/a%20b?q=%C3%A9#x", host -> List.of(InetAddress.getByName("1.1.1.1")));
        assertThat(destination.target()).isEqualTo("/a%20b?q=%C3%A9");
        assertThat(destination.host()).isEqualTo("example.com");
        assertThat(destination.port()).isEqualTo(443);
        assertThat(destination.secure()).isTrue();
    }

    private static Destination destination(String url, Names names) {
        return Destination.of(Destination.parse(url), names, port -> port == 80 || port == 443, PublicAddress::is);
    }
}
