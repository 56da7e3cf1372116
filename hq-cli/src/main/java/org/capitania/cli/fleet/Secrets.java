package org.capitania.cli.fleet;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.capitania.cli.Environment;
import org.capitania.cli.Failure;
import org.capitania.cli.home.Home;
import org.capitania.contract.Json;
import org.capitania.embedded.postgres.PostgresBootstrap;

/** What only the processes it is meant for may know; files of mode 600 in {@code secrets/}. */
final class Secrets {
    private static final String DATABASE = "database.json";

    private final Home home;
    private final Environment environment;

    Secrets(Home home, Environment environment) {
        this.home = home;
        this.environment = environment;
    }

    /** The database's passwords. */
    record Database(String superuser, Map<String, String> roles) {
        String password(String role) {
            String password = roles.get(role);
            if (password == null) {
                throw Failure.system("no_password", "there is no database password for " + role);
            }
            return password;
        }
    }

    /** The passwords; made up at the first call, and for roles that are new since. */
    Database database() {
        Path file = home.secrets().resolve(DATABASE);
        try {
            Database known = Files.exists(file)
                    ? Json.read(Files.readString(file), Database.class)
                    : new Database(PostgresBootstrap.randomPassword(new SecureRandom()), Map.of());
            Map<String, String> roles = new LinkedHashMap<>(PostgresBootstrap.randomPasswords());
            roles.putAll(known.roles());
            Database all = new Database(known.superuser(), roles);
            if (!all.equals(known)) {
                Home.writePrivately(file, Json.write(all));
            }
            return all;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }

    /** Something the owner gave: a variable of this command's environment, else a file of that name in {@code secrets/}. */
    Optional<String> given(String variable) {
        Optional<String> value = environment.variable(variable);
        if (value.isPresent()) {
            return value;
        }
        Path file = home.secrets().resolve(variable.toLowerCase(Locale.ROOT).replaceFirst("^hq_", ""));
        try {
            return Files.isRegularFile(file)
                    ? Optional.of(Files.readString(file).strip()).filter(text -> !text.isEmpty())
                    : Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }

    /** Deletes what the fleet made up itself; what the owner put there stays. */
    void forget() {
        try {
            Files.deleteIfExists(home.secrets().resolve(DATABASE));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
