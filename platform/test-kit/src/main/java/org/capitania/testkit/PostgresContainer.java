package org.capitania.testkit;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.capitania.embedded.postgres.PostgresBootstrap;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.utility.DockerImageName;

/** The image of {@code deploy/postgres}, built from the checkout and started with passwords of its own. */
final class PostgresContainer {
    private static final String IMAGE = "capitania/postgres:17";
    private static final int PORT = 5432;

    private PostgresContainer() {}

    static TestPostgres start() {
        Path root = Soak.root();
        // Nothing is built where nothing has changed since.
        Containers.docker(
                "build",
                "-q",
                "-f",
                root.resolve("deploy/postgres/Dockerfile").toString(),
                "-t",
                IMAGE,
                root.toString());
        Containers.speakAsTheEngineDoes();
        String superuser = PostgresBootstrap.randomPassword(new SecureRandom());
        Map<String, String> passwords = PostgresBootstrap.randomPasswords();
        Map<String, String> environment = new HashMap<>();
        environment.put("postgres_password", superuser);
        passwords.forEach((role, password) -> environment.put(role + "_password", password));
        GenericContainer<?> container = new GenericContainer<>(DockerImageName.parse(IMAGE))
                .withEnv(environment)
                .withExposedPorts(PORT)
                .withImagePullPolicy(name -> false)
                // It listens on the network once roles and schemas are made.
                .waitingFor(Wait.forHealthcheck().withStartupTimeout(Duration.ofMinutes(3)));
        container.start();
        Containers.endWithThisProcess(container.getContainerId());
        return new TestPostgres(container.getHost(), container.getMappedPort(PORT), "capitania", superuser, passwords);
    }
}
