package org.capitania.embedded.infra;

import java.nio.file.Path;
import java.util.Map;
import org.capitania.embedded.MachineProblem;

/** What the environment says about the hq-infra process. */
record InfraSettings(Path home, int kafkaPort, int kafkaControllerPort, int smtpPort, boolean endWithStdin) {

    static InfraSettings from(Map<String, String> environment) {
        int kafka = port(environment, "HQ_KAFKA_PORT", 19092);
        return new InfraSettings(
                Path.of(environment.getOrDefault("HQ_HOME", ".hq"))
                        .toAbsolutePath()
                        .normalize(),
                kafka,
                port(environment, "HQ_KAFKA_CONTROLLER_PORT", kafka + 1),
                port(environment, "HQ_SMTP_PORT", 12525),
                Boolean.parseBoolean(environment.getOrDefault("HQ_END_WITH_STDIN", "false")));
    }

    private static int port(Map<String, String> environment, String name, int otherwise) {
        String value = environment.getOrDefault(name, Integer.toString(otherwise));
        try {
            int port = Integer.parseInt(value.strip());
            if (port > 0 && port < 65536) {
                return port;
            }
        } catch (NumberFormatException e) {
            throw notAPort(name, value, e);
        }
        throw notAPort(name, value, null);
    }

    private static MachineProblem notAPort(
            String name, String value, @org.jspecify.annotations.Nullable Throwable cause) {
        return new MachineProblem(
                MachineProblem.Kind.DID_NOT_START,
                name + " is '" + value + "', expected a port from 1 to 65535",
                cause);
    }
}
