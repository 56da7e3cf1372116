package org.capitania.cli.home;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.capitania.cli.Environment;
import org.capitania.cli.Failure;
import org.capitania.cli.home.Settings.Company;
import org.capitania.cli.home.Settings.Mail;
import org.capitania.cli.home.Settings.Server;

/** Reads {@code config.yaml}; what is wrong in it is named with its path, what was found and what may stand there. */
public final class SettingsFile {
    public static final List<String> MODELS = List.of("rehearsal", "anthropic", "openai", "ollama");
    private static final List<String> SECURITY = List.of("tls", "starttls", "none");

    private final Path file;
    private final Environment environment;

    private SettingsFile(Path file, Environment environment) {
        this.file = file;
        this.environment = environment;
    }

    /** The settings of a home; the defaults where it has no file yet. */
    public static Settings read(Home home, Environment environment) {
        return new SettingsFile(home.settings(), environment).read();
    }

    /** Writes the documented defaults when there is no file. */
    public static void createIfAbsent(Home home) {
        if (Files.exists(home.settings())) {
            return;
        }
        try (var defaults = SettingsFile.class.getResourceAsStream("/config.yaml")) {
            if (defaults == null) {
                throw new IllegalStateException("config.yaml is not on the class path");
            }
            Home.write(home.settings(), new String(defaults.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Settings read() {
        JsonNode top = tree();
        allow(top, "", List.of("tenant", "model", "company", "mail", "ports", "environment"));
        JsonNode company = top.path("company");
        allow(company, "company", List.of("name", "mail_from"));
        JsonNode mail = top.path("mail");
        allow(mail, "mail", List.of("smtp", "imap"));
        return new Settings(
                text(top, "tenant", "main"),
                oneOf("model", environment.variable("HQ_MODEL").orElse(text(top, "model", "rehearsal")), MODELS),
                new Company(
                        text(company, "name", "Maré Alta Books"), text(company, "mail_from", "hello@marealta.example")),
                new Mail(server(mail.path("smtp"), "mail.smtp", 465), server(mail.path("imap"), "mail.imap", 993)),
                ports(top.path("ports")),
                environments(top.path("environment")));
    }

    private JsonNode tree() {
        try {
            JsonNode tree = new YAMLMapper().readTree(file.toFile());
            if (tree == null || tree.isNull() || tree.isMissingNode()) {
                return MissingNode.getInstance();
            }
            if (!tree.isObject()) {
                throw wrong("the whole file", tree.toString(), "names with values, as in tenant: main");
            }
            return tree;
        } catch (java.io.FileNotFoundException e) {
            return MissingNode.getInstance();
        } catch (JsonProcessingException e) {
            throw Failure.caller(
                    "config_invalid",
                    file + ": line " + e.getLocation().getLineNr() + ": "
                            + e.getOriginalMessage().lines().findFirst().orElse(""));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }

    private Map<String, Integer> ports(JsonNode given) {
        allow(given, "ports", Endpoint.all().map(Endpoint::name).toList());
        Map<String, Integer> ports = new LinkedHashMap<>();
        Endpoint.all().forEach(endpoint -> {
            int otherwise = endpoint.equals(Endpoint.KAFKA_CONTROLLER)
                    ? ports.getOrDefault(Endpoint.KAFKA.name(), 0) + 1
                    : endpoint.defaultPort();
            ports.put(endpoint.name(), port(endpoint, given.path(endpoint.name()), otherwise));
        });
        return ports;
    }

    private int port(Endpoint endpoint, JsonNode given, int otherwise) {
        Optional<String> variable = environment.variable(endpoint.variable());
        String text = variable.orElse(given.asText(Integer.toString(otherwise)));
        return number(variable.isPresent() ? endpoint.variable() : "ports." + endpoint.name(), text);
    }

    private int number(String path, String text) {
        try {
            int port = Integer.parseInt(text.strip());
            if (port > 0 && port < 65_536) {
                return port;
            }
        } catch (NumberFormatException e) {
            // told below, with the value that was found
        }
        throw wrong(path, text, "a port from 1 to 65535");
    }

    private Optional<Server> server(JsonNode given, String path, int defaultPort) {
        if (given.isMissingNode() || given.isNull()) {
            return Optional.empty();
        }
        allow(given, path, List.of("host", "port", "user", "security"));
        String host = text(given, "host", "");
        if (host.isBlank()) {
            throw wrong(path + ".host", "nothing", "the name of the mail server");
        }
        return Optional.of(new Server(
                host,
                number(path + ".port", given.path("port").asText(Integer.toString(defaultPort))),
                text(given, "user", ""),
                oneOf(path + ".security", text(given, "security", "tls"), SECURITY)));
    }

    private Map<String, Map<String, String>> environments(JsonNode given) {
        Map<String, Map<String, String>> all = new LinkedHashMap<>();
        allow(
                given,
                "environment",
                Endpoint.all().map(Endpoint::process).distinct().toList());
        given.properties().forEach(process -> {
            Map<String, String> variables = new LinkedHashMap<>();
            process.getValue()
                    .properties()
                    .forEach(v -> variables.put(v.getKey(), v.getValue().asText()));
            all.put(process.getKey(), variables);
        });
        return all;
    }

    private String text(JsonNode node, String name, String otherwise) {
        JsonNode value = node.path(name);
        if (value.isContainerNode()) {
            throw wrong(name, value.toString(), "one value");
        }
        String text = value.asText("").strip();
        return text.isEmpty() ? otherwise : text;
    }

    private String oneOf(String path, String value, List<String> allowed) {
        if (!allowed.contains(value)) {
            throw wrong(path, value, "one of " + String.join(", ", allowed));
        }
        return value;
    }

    private void allow(JsonNode node, String path, List<String> names) {
        if (!node.isMissingNode() && !node.isNull() && !node.isObject()) {
            throw wrong(path, node.toString(), "names with values");
        }
        node.fieldNames().forEachRemaining(name -> {
            if (!names.contains(name)) {
                throw wrong(
                        path.isEmpty() ? name : path + "." + name,
                        "an unknown name",
                        "one of " + String.join(", ", names));
            }
        });
    }

    private Failure wrong(String path, String found, String allowed) {
        return Failure.caller("config_invalid", file + ": " + path + ": found " + found + ", expected " + allowed);
    }
}
