package org.capitania.testkit;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.capitania.contract.Service;
import org.capitania.embedded.keys.KeyFiles;
import org.capitania.embedded.keys.Principal;

/**
 * Keys of every principal of the fleet, and of a few more that a test may need, one set a test JVM.
 *
 * @param directory holds one directory a service, {@code owner}, {@code jwks.json}
 */
record TestKeys(Path directory) {
    static final List<String> TENANTS = List.of("main", "other");

    static TestKeys shared() {
        return SharedState.once("keys", TestKeys.class, TestKeys::make);
    }

    private static TestKeys make() {
        TestKeys keys = new TestKeys(SharedState.directory("keys"));
        Map<Path, Principal> files = new LinkedHashMap<>();
        files.put(keys.fileOf(Principal.OWNER), Principal.owner(TENANTS));
        for (Service service : Service.values()) {
            for (Principal principal : Principal.heldBy(service, TENANTS)) {
                files.put(keys.of(service).resolve(principal.fileName()), principal);
            }
        }
        List<String> everywhere =
                Arrays.stream(Service.values()).map(Service::wireName).toList();
        for (Principal extra : List.of(
                new Principal("user:ana", "person", everywhere, TENANTS, false),
                new Principal("user:elsewhere", "owner", everywhere, List.of("other"), false),
                new Principal("client:test", "client", everywhere, TENANTS, false))) {
            files.put(keys.fileOf(extra.sub()), extra);
        }
        KeyFiles.ensure(files, keys.jwks());
        return keys;
    }

    /** What a service's process is given as its own keys. */
    Path of(Service service) {
        return directory.resolve("services").resolve(service.wireName());
    }

    Path jwks() {
        return directory.resolve("jwks.json");
    }

    /** The private key of any principal. */
    Path fileOf(String subject) {
        for (Service service : Service.values()) {
            for (Principal principal : Principal.heldBy(service, TENANTS)) {
                if (principal.sub().equals(subject)) {
                    return of(service).resolve(principal.fileName());
                }
            }
        }
        return directory.resolve(subject.replace(':', '_') + ".jwk");
    }
}
