package org.capitania.servicekit;

import com.fasterxml.jackson.databind.JsonNode;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.PublicKey;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.capitania.contract.Json;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.lang.JoseException;
import org.jspecify.annotations.Nullable;

/** The public keys of all principals, read again when the file changes. */
@ApplicationScoped
class KeySet {
    /**
     * What a key is bound to.
     *
     * @param mayActFor whether tokens of this key may name another actor
     */
    record BoundKey(
            PublicKey key,
            String subject,
            PrincipalKind kind,
            Set<String> audiences,
            Set<String> tenants,
            boolean mayActFor) {}

    private record Loaded(FileTime modified, Map<String, BoundKey> keys) {}

    private final @Nullable Path file;
    private volatile @Nullable Loaded loaded;

    KeySet(IdentityConfig config) {
        this.file = config.jwks().orElse(null);
    }

    Optional<BoundKey> find(String kid) {
        return Optional.ofNullable(current().get(kid));
    }

    Collection<BoundKey> all() {
        return current().values();
    }

    private Map<String, BoundKey> current() {
        if (file == null) {
            throw new IllegalStateException("hq.identity.jwks is not set: no token can be checked");
        }
        try {
            FileTime modified = Files.getLastModifiedTime(file);
            Loaded now = loaded;
            if (now == null || !now.modified().equals(modified)) {
                now = new Loaded(modified, read(file));
                loaded = now;
            }
            return now.keys();
        } catch (IOException | JoseException e) {
            throw new IllegalStateException("cannot read the key set " + file, e);
        }
    }

    private static Map<String, BoundKey> read(Path file) throws IOException, JoseException {
        Map<String, BoundKey> keys = new HashMap<>();
        for (JsonNode jwk : Json.MAPPER.readTree(file.toFile()).path("keys")) {
            PublicJsonWebKey parsed = PublicJsonWebKey.Factory.newPublicJwk(jwk.toString());
            keys.put(
                    jwk.path("kid").asText(),
                    new BoundKey(
                            parsed.getPublicKey(),
                            jwk.path("sub").asText(),
                            PrincipalKind.of(jwk.path("kind").asText()),
                            strings(jwk.path("aud")),
                            strings(jwk.path("tenants")),
                            jwk.path("obo").asBoolean(false)));
        }
        return Map.copyOf(keys);
    }

    private static Set<String> strings(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false)
                .map(JsonNode::asText)
                .collect(Collectors.toUnmodifiableSet());
    }
}
