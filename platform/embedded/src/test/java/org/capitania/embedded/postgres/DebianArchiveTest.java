package org.capitania.embedded.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.capitania.embedded.MachineProblem;
import org.capitania.embedded.Ports;
import org.capitania.embedded.postgres.DebianArchive.PoolFile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.XZOutputStream;

class DebianArchiveTest {
    private final Map<String, byte[]> files = new HashMap<>();
    private HttpServer mirror;
    private DebianArchive archive;

    @BeforeEach
    void start() throws IOException {
        mirror = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        mirror.createContext("/", exchange -> {
            byte[] body = files.get(exchange.getRequestURI().getPath().substring(1));
            exchange.sendResponseHeaders(body == null ? 404 : 200, body == null ? -1 : body.length);
            if (body != null) {
                exchange.getResponseBody().write(body);
            }
            exchange.close();
        });
        mirror.start();
        archive = new DebianArchive(
                List.of("http://127.0.0.1:" + mirror.getAddress().getPort()));
    }

    @AfterEach
    void stop() {
        mirror.stop(0);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String sha256(byte[] body) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(body));
    }

    private void index(String name, String stanzas) throws Exception {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (XZOutputStream xz = new XZOutputStream(packed, new LZMA2Options(0))) {
            xz.write(bytes(stanzas));
        }
        files.put("dists/trixie/" + name, packed.toByteArray());
        files.put(
                "dists/trixie/InRelease",
                bytes("Suite: stable\nMD5Sum:\n 0 1 " + name + "\nSHA256:\n " + sha256(packed.toByteArray()) + " "
                        + packed.size() + " " + name + "\n"));
    }

    @Test
    void shouldTakeTheFileItKnows() throws Exception {
        files.put("pool/a.deb", bytes("known"));
        assertThat(archive.fetch(new PoolFile("pool/a.deb", sha256(bytes("known"))), a -> {
                    throw new AssertionError("the index is not needed");
                }))
                .isEqualTo(bytes("known"));
    }

    @Test
    void shouldFindTheSuccessorOfABinaryPackageInTheIndex() throws Exception {
        files.put("pool/p_2.deb", bytes("newer"));
        index("main/binary-amd64/Packages.xz", """
                Package: other
                Filename: pool/other.deb
                SHA256: 00

                Package: p
                Description: long
                 and folded
                Filename: pool/p_2.deb
                SHA256: %s

                """.formatted(sha256(bytes("newer"))));
        assertThat(archive.fetch(new PoolFile("pool/p_1.deb", "00"), DebianArchive.binaryPackage("p", "amd64")))
                .isEqualTo(bytes("newer"));
    }

    @Test
    void shouldFindTheTarballOfASourcePackageInTheIndex() throws Exception {
        files.put("pool/main/s/s_1.orig.tar.gz", bytes("source"));
        index("main/source/Sources.xz", """
                Package: s
                Directory: pool/main/s
                Checksums-Sha256:
                 11 1 s_1.dsc
                 %s 6 s_1.orig.tar.gz

                """.formatted(sha256(bytes("source"))));
        assertThat(archive.fetch(new PoolFile("gone", "00"), DebianArchive.sourceTarball("s")))
                .isEqualTo(bytes("source"));
    }

    @Test
    void shouldRefuseWhatDoesNotHaveItsHash() {
        files.put("pool/a.deb", bytes("tampered"));
        assertThatThrownBy(() -> archive.fetch(new PoolFile("pool/a.deb", "00"), DebianArchive.sourceTarball("s")))
                .isInstanceOf(MachineProblem.class)
                .hasMessageContaining("SHA-256");
    }

    @Test
    void shouldRefuseAnIndexThatTheReleaseDoesNotVouchFor() throws Exception {
        index("main/source/Sources.xz", "Package: s\n\n");
        files.computeIfPresent("dists/trixie/main/source/Sources.xz", (k, v) -> bytes("something else"));
        assertThatThrownBy(() -> archive.fetch(new PoolFile("gone", "00"), DebianArchive.sourceTarball("s")))
                .isInstanceOf(MachineProblem.class)
                .hasMessageContaining("Sources.xz");
    }

    @Test
    void shouldSayInOneLineThatThereIsNoNetwork() {
        DebianArchive away = new DebianArchive(List.of("http://127.0.0.1:" + Ports.free()));
        assertThatThrownBy(() -> away.fetch(new PoolFile("pool/a.deb", "00"), DebianArchive.sourceTarball("s")))
                .isInstanceOfSatisfying(MachineProblem.class, e -> {
                    assertThat(e.kind()).isEqualTo(MachineProblem.Kind.NO_NETWORK);
                    assertThat(e.line()).contains("HQ_DEBIAN_MIRROR").doesNotContain("\n");
                });
    }
}
