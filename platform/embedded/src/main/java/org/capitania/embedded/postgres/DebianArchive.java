package org.capitania.embedded.postgres;

import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.capitania.embedded.MachineProblem;
import org.jspecify.annotations.Nullable;
import org.tukaani.xz.XZInputStream;

/** Files of Debian 13's archive, each accepted only with its SHA-256. */
final class DebianArchive {
    private static final String SUITE = "dists/trixie/";

    private final HttpClient http = HttpClient.newBuilder()
            .connectTimeout(Duration.ofSeconds(10))
            .followRedirects(HttpClient.Redirect.NORMAL)
            .proxy(proxy())
            .build();
    private final List<String> mirrors;

    DebianArchive() {
        this(Optional.ofNullable(System.getenv("HQ_DEBIAN_MIRROR"))
                .filter(value -> !value.isBlank())
                .map(List::of)
                .orElse(List.of("https://deb.debian.org/debian", "http://deb.debian.org/debian")));
    }

    DebianArchive(List<String> mirrors) {
        this.mirrors = mirrors;
    }

    /**
     * One file of the pool.
     *
     * @param path relative to the archive's root
     */
    record PoolFile(String path, String sha256) {}

    /** The file whose hash is known from the start; where the archive has moved on, the one its index names. */
    byte[] fetch(PoolFile pinned, Index index) {
        Optional<byte[]> known = get(pinned.path());
        if (known.isPresent()) {
            return verified(known.get(), pinned);
        }
        PoolFile current = index.locate(this);
        return get(current.path()).map(body -> verified(body, current)).orElseThrow(() -> noFile(current.path()));
    }

    /** A way to find a file's name and hash in the archive's index. */
    interface Index {
        PoolFile locate(DebianArchive archive);
    }

    /** The binary package of that name. */
    static Index binaryPackage(String name, String architecture) {
        return archive -> archive.stanzas("main/binary-" + architecture + "/Packages.xz", name::equals)
                .map(fields -> new PoolFile(field(fields, "Filename"), field(fields, "SHA256")))
                .orElseThrow(() -> noFile("package " + name));
    }

    /** The upstream tarball of the source package of that name. */
    static Index sourceTarball(String name) {
        return archive -> archive.stanzas("main/source/Sources.xz", name::equals)
                .flatMap(fields -> field(fields, "Checksums-Sha256")
                        .lines()
                        .map(line -> line.strip().split(" +"))
                        .filter(parts -> parts.length == 3 && parts[2].contains(".orig.tar"))
                        .findFirst()
                        .map(parts -> new PoolFile(field(fields, "Directory") + "/" + parts[2], parts[0])))
                .orElseThrow(() -> noFile("source package " + name));
    }

    private Optional<Map<String, String>> stanzas(String indexName, Predicate<String> wanted) {
        String expected = field(
                        fields(new String(
                                get(SUITE + "InRelease").orElseThrow(() -> noFile(SUITE + "InRelease")),
                                StandardCharsets.UTF_8)),
                        "SHA256")
                .lines()
                .map(line -> line.strip().split(" +"))
                .filter(parts -> parts.length == 3 && parts[2].equals(indexName))
                .map(parts -> parts[0])
                .findFirst()
                .orElseThrow(() -> noFile(SUITE + indexName));
        PoolFile index = new PoolFile(SUITE + indexName, expected);
        byte[] packed = verified(get(index.path()).orElseThrow(() -> noFile(index.path())), index);
        try (BufferedReader lines = new BufferedReader(
                new InputStreamReader(new XZInputStream(new ByteArrayInputStream(packed)), StandardCharsets.UTF_8))) {
            StringBuilder stanza = new StringBuilder();
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (!line.isEmpty()) {
                    stanza.append(line).append('\n');
                    continue;
                }
                Map<String, String> fields = fields(stanza.toString());
                if (wanted.test(fields.getOrDefault("Package", ""))) {
                    return Optional.of(fields);
                }
                stanza.setLength(0);
            }
            return Optional.empty();
        } catch (IOException e) {
            throw new MachineProblem(
                    MachineProblem.Kind.NO_NETWORK, "Debian's index " + indexName + " is broken: " + e.getMessage(), e);
        }
    }

    private static Map<String, String> fields(String stanza) {
        Map<String, String> fields = new LinkedHashMap<>();
        String current = "";
        for (String line : stanza.split("\n", -1)) {
            int colon = line.indexOf(':');
            if (line.startsWith(" ")) {
                fields.merge(current, line.strip(), (a, b) -> a.isEmpty() ? b : a + "\n" + b);
            } else if (colon > 0) {
                current = line.substring(0, colon);
                fields.put(current, line.substring(colon + 1).strip());
            }
        }
        return fields;
    }

    private static String field(Map<String, String> fields, String name) {
        String value = fields.get(name);
        if (value == null) {
            throw noFile("field " + name);
        }
        return value;
    }

    /** The body, or empty when the archive says that there is no such file. */
    private Optional<byte[]> get(String path) {
        IOException last = null;
        for (String mirror : mirrors) {
            try {
                HttpRequest request = HttpRequest.newBuilder(URI.create(mirror + "/" + path))
                        .timeout(Duration.ofSeconds(90))
                        .build();
                HttpResponse<InputStream> response = http.send(request, HttpResponse.BodyHandlers.ofInputStream());
                try (InputStream body = response.body()) {
                    if (response.statusCode() == 200) {
                        return Optional.of(body.readAllBytes());
                    }
                    if (response.statusCode() == 404) {
                        return Optional.empty();
                    }
                    last = new IOException("HTTP " + response.statusCode());
                }
            } catch (IOException e) {
                last = e;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new MachineProblem(MachineProblem.Kind.NO_NETWORK, "interrupted while fetching " + path, e);
            }
        }
        throw new MachineProblem(
                MachineProblem.Kind.NO_NETWORK,
                "cannot reach Debian's archive at " + mirrors.getFirst()
                        + " (needed once, to build pgvector): "
                        + reason(last)
                        + "; check the network or set HQ_DEBIAN_MIRROR",
                last);
    }

    private static String reason(@Nullable IOException last) {
        if (last == null) {
            return "no mirror is set";
        }
        String message = last.getMessage();
        return last.getClass().getSimpleName() + (message == null ? "" : ", " + message);
    }

    /** The proxy that the environment names, as apt and curl know it; else what the JDK finds. */
    private static ProxySelector proxy() {
        return Stream.of("https_proxy", "HTTPS_PROXY", "http_proxy", "HTTP_PROXY")
                .map(System::getenv)
                .filter(value -> value != null && value.startsWith("http"))
                .map(URI::create)
                .filter(uri -> uri.getHost() != null && uri.getPort() > 0)
                .findFirst()
                .map(uri -> ProxySelector.of(InetSocketAddress.createUnresolved(uri.getHost(), uri.getPort())))
                .orElseGet(ProxySelector::getDefault);
    }

    private static byte[] verified(byte[] body, PoolFile file) {
        try {
            String found = HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(body));
            if (!found.equals(file.sha256())) {
                throw new MachineProblem(
                        MachineProblem.Kind.NO_NETWORK,
                        file.path() + " from Debian's archive has SHA-256 " + found + ", expected " + file.sha256()
                                + ": the download is not what it should be, try again or another HQ_DEBIAN_MIRROR");
            }
            return body;
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static MachineProblem noFile(String what) {
        return new MachineProblem(
                MachineProblem.Kind.NO_NETWORK,
                "Debian's archive has no " + what
                        + ": its layout is not the expected one, set HQ_DEBIAN_MIRROR to another mirror");
    }
}
