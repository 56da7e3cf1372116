package org.capitania.embedded.keys;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.capitania.contract.Json;
import org.capitania.contract.Service;

/**
 * The keys of a fleet: one P-256 pair a principal, the private half in a JWK file of mode 600 beside the process that
 * signs with it, all public halves in one {@code jwks.json} that binds each to its subject, kind, audiences and tenants.
 */
public final class KeyFiles {
    private static final FileAttribute<Set<PosixFilePermission>> SECRET =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    private static final int COORDINATE_BYTES = 32;

    private KeyFiles() {}

    /**
     * Where the keys of a whole fleet lie.
     *
     * @param services holds one directory a service, named as on the wire: what that process gets as {@code
     *     HQ_IDENTITY_KEYS}
     * @param owner the owner's private key, {@code .hq/tokens/owner}
     * @param jwks all public keys: what every process gets as {@code HQ_IDENTITY_JWKS}
     */
    public record Layout(Path services, Path owner, Path jwks) {
        /** The directory that one service's process reads its keys from. */
        public Path of(Service service) {
            return services.resolve(service.wireName());
        }

        /** The keys of outside clients; no process of the fleet reads them. */
        Path clients() {
            return services.resolve("clients");
        }
    }

    /** Makes the keys of the fleet that are missing and writes {@code jwks.json} anew; keys that exist stay. */
    public static void ensureFleet(Layout layout, List<String> tenants) {
        Map<Path, Principal> files = new LinkedHashMap<>();
        files.put(layout.owner(), Principal.owner(tenants));
        for (Service service : Service.values()) {
            for (Principal principal : Principal.heldBy(service, tenants)) {
                files.put(layout.of(service).resolve(principal.fileName()), principal);
            }
        }
        files.putAll(clients(layout, tenants));
        ensure(files, layout.jwks());
    }

    /** The private key of an outside client, made and made known to the services when it is asked for the first time. */
    public static Path ensureClient(Layout layout, String name) {
        try {
            ObjectNode jwks = (ObjectNode) Json.MAPPER.readTree(Files.readAllBytes(layout.jwks()));
            ArrayNode keys = jwks.withArray("/keys");
            Principal client = Principal.client(name, tenants(keys));
            Path file = layout.clients().resolve(client.fileName());
            if (!Files.exists(file)) {
                write(file, Json.bytes(newKey(client)), SECRET);
            }
            ObjectNode half = publicHalf(Json.MAPPER.readTree(Files.readAllBytes(file)), client);
            boolean known = StreamSupport.stream(keys.spliterator(), false)
                    .anyMatch(k -> k.path("kid").equals(half.path("kid")));
            if (!known) {
                keys.add(half);
                write(
                        layout.jwks(),
                        Json.MAPPER.writerWithDefaultPrettyPrinter().writeValueAsBytes(jwks));
            }
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The owner's, which are all there are. */
    private static List<String> tenants(ArrayNode keys) {
        for (JsonNode key : keys) {
            if (key.path("sub").asText().equals(Principal.OWNER)) {
                return List.of(Json.convert(key.path("tenants"), String[].class));
            }
        }
        throw new IllegalStateException("the owner has no key here: run hq up first");
    }

    private static Map<Path, Principal> clients(Layout layout, List<String> tenants) {
        Map<Path, Principal> clients = new LinkedHashMap<>();
        try (Stream<Path> files = Files.isDirectory(layout.clients()) ? Files.list(layout.clients()) : Stream.empty()) {
            for (Path file :
                    files.filter(f -> f.toString().endsWith(".jwk")).sorted().toList()) {
                String sub = Json.MAPPER
                        .readTree(Files.readAllBytes(file))
                        .path("sub")
                        .asText();
                clients.put(file, Principal.client(sub.substring(sub.indexOf(':') + 1), tenants));
            }
            return clients;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The same for any principals; a principal that holds several files has several keys. */
    public static void ensure(Map<Path, Principal> privateKeyFiles, Path jwks) {
        try {
            ArrayNode keys = Json.MAPPER.createArrayNode();
            for (Map.Entry<Path, Principal> entry : privateKeyFiles.entrySet()) {
                if (!Files.exists(entry.getKey())) {
                    write(entry.getKey(), Json.bytes(newKey(entry.getValue())), SECRET);
                }
                keys.add(publicHalf(Json.MAPPER.readTree(Files.readAllBytes(entry.getKey())), entry.getValue()));
            }
            write(
                    jwks,
                    Json.MAPPER
                            .writerWithDefaultPrettyPrinter()
                            .writeValueAsBytes(Json.MAPPER.createObjectNode().set("keys", keys)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ObjectNode newKey(Principal principal) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            KeyPair pair = generator.generateKeyPair();
            ECPublicKey point = (ECPublicKey) pair.getPublic();
            return Json.MAPPER
                    .createObjectNode()
                    .put("kty", "EC")
                    .put("crv", "P-256")
                    .put("alg", "ES256")
                    .put("use", "sig")
                    .put(
                            "kid",
                            principal.sub() + "#" + UUID.randomUUID().toString().substring(0, 8))
                    .put("x", base64(point.getW().getAffineX()))
                    .put("y", base64(point.getW().getAffineY()))
                    .put("d", base64(((ECPrivateKey) pair.getPrivate()).getS()))
                    .put("sub", principal.sub())
                    .put("kind", principal.kind());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK has no P-256", e);
        }
    }

    private static ObjectNode publicHalf(JsonNode jwk, Principal principal) {
        if (!principal.sub().equals(jwk.path("sub").asText())) {
            throw new IllegalStateException("the key file of " + principal.sub() + " holds the key of "
                    + jwk.path("sub").asText());
        }
        ObjectNode half = Json.MAPPER.createObjectNode();
        for (String member : List.of("kty", "crv", "alg", "use", "kid", "x", "y")) {
            half.set(member, jwk.path(member));
        }
        half.put("sub", principal.sub()).put("kind", principal.kind());
        half.set("aud", Json.tree(principal.audiences()));
        half.set("tenants", Json.tree(principal.tenants()));
        return half.put("obo", principal.obo());
    }

    private static void write(Path file, byte[] content, FileAttribute<?>... attributes) throws IOException {
        Path directory = file.toAbsolutePath().getParent();
        if (directory != null) {
            Files.createDirectories(directory);
        }
        Path part = file.resolveSibling("." + file.getFileName() + ".part");
        Files.deleteIfExists(part);
        Files.createFile(part, attributes);
        Files.write(part, content);
        Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
    }

    private static String base64(BigInteger coordinate) {
        byte[] bytes = coordinate.toByteArray();
        byte[] fixed = new byte[COORDINATE_BYTES];
        int length = Math.min(bytes.length, COORDINATE_BYTES);
        System.arraycopy(bytes, bytes.length - length, fixed, COORDINATE_BYTES - length, length);
        try {
            return Base64.getUrlEncoder().withoutPadding().encodeToString(fixed);
        } finally {
            Arrays.fill(fixed, (byte) 0);
        }
    }
}
