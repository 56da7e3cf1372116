package org.capitania.cli.fleet;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.capitania.cli.Environment;
import org.capitania.cli.home.Endpoint;
import org.capitania.cli.home.Home;
import org.capitania.cli.home.Settings;
import org.capitania.contract.Service;

/**
 * The environment of each process, the only way configuration reaches it. A process gets what it needs and nothing else: provider keys
 * and mail passwords go to the gateway and to ingest alone, an agent has its own key and its schema's role.
 */
final class ProcessEnvironment {
    private static final List<String> INHERITED =
            List.of("PATH", "HOME", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "TMPDIR", "USER");
    private static final String OLLAMA = "http://127.0.0.1:11434";

    private final Environment outside;
    private final Home home;
    private final Settings settings;
    private final Secrets secrets;

    ProcessEnvironment(Environment outside, Home home, Settings settings, Secrets secrets) {
        this.outside = outside;
        this.home = home;
        this.settings = settings;
        this.secrets = secrets;
    }

    /** For the process with broker and mail sink. */
    Map<String, String> ofInfra() {
        Map<String, String> variables = inherited();
        variables.put("HQ_HOME", home.directory().toString());
        for (Endpoint endpoint : List.of(Endpoint.KAFKA, Endpoint.KAFKA_CONTROLLER, Endpoint.SMTP)) {
            variables.put(endpoint.variable(), Integer.toString(settings.port(endpoint)));
        }
        return withOverrides("hq-infra", variables);
    }

    Map<String, String> of(Service service) {
        Map<String, String> variables = inherited();
        variables.put("HQ_HOME", home.directory().toString());
        variables.put("HQ_TENANTS", settings.tenant());
        database(variables, service);
        variables.put("HQ_KAFKA_BOOTSTRAP", "127.0.0.1:" + settings.port(Endpoint.KAFKA));
        variables.put("HQ_IDENTITY_KEYS", home.keys(service.wireName()).toString());
        variables.put("HQ_IDENTITY_JWKS", home.publicKeys().toString());
        for (Service peer : Service.values()) {
            variables.put("HQ_PEERS_" + peer.name() + "_URL", "http://127.0.0.1:" + settings.port(Endpoint.of(peer)));
        }
        variables.put("QUARKUS_HTTP_HOST", "127.0.0.1");
        variables.put("QUARKUS_HTTP_PORT", Integer.toString(settings.port(Endpoint.of(service))));
        switch (service) {
            case TOOL_REGISTRY -> {
                mailOut(variables);
                mailIn(variables);
                providers(variables);
                embedding(variables);
            }
            case INGEST_WORKERS -> {
                variables.put("HQ_MAIL_INBOX", home.mailInbox().toString());
                variables.put("HQ_MAIL_FROM", settings.company().mailFrom());
                mailIn(variables);
                embedding(variables);
            }
            case GRAPH_SERVICE -> embedding(variables);
            case AGENT_CHIEF, AGENT_OPERATOR -> variables.put("HQ_MODEL", settings.model());
            case SUPERVISOR -> {
                // It starts an agent that is stopped when work waits for it, as this command would.
                variables.put("HQ_PLATFORM_KIND", "local");
                variables.put(
                        "HQ_PLATFORM_LAUNCHER", outside.root().resolve("hq").toString());
                variables.put("HQ_MODEL", settings.model());
                variables.put("JAVA_HOME", System.getProperty("java.home"));
                outside.variables().forEach((name, value) -> {
                    if (name.startsWith("HQ_ENV_AGENT_")) {
                        variables.put(name, value);
                    }
                });
            }
            case APPROVAL_SERVICE, WATCHDOG -> {}
        }
        return withOverrides(service.wireName(), variables);
    }

    private void database(Map<String, String> variables, Service service) {
        Secrets.Database passwords = secrets.database();
        variables.put("HQ_DB_HOST", "127.0.0.1");
        variables.put("HQ_DB_PORT", Integer.toString(settings.port(Endpoint.POSTGRES)));
        variables.put("HQ_DB_NAME", Database.NAME);
        variables.put("HQ_DB_PASSWORD", passwords.password(service.schema()));
        variables.put("HQ_DB_OWNER_PASSWORD", passwords.password(service.schema() + "_owner"));
        variables.put("HQ_DB_RELAY_PASSWORD", passwords.password(service.schema() + "_relay"));
    }

    /** Keys and addresses of providers of models and searches, under the names the gateway reads. */
    private void providers(Map<String, String> variables) {
        for (String provider : List.of("ANTHROPIC", "OPENAI")) {
            for (String what : List.of("_API_KEY", "_BASE_URL")) {
                secrets.given(provider + what).ifPresent(value -> variables.put("HQ_MODELS_" + provider + what, value));
            }
        }
        for (String search : List.of("SEARXNG_URL", "BRAVE_API_KEY")) {
            secrets.given(search).ifPresent(value -> variables.put("HQ_WEB_SEARCH_" + search, value));
        }
        Optional<String> ollama = secrets.given("OLLAMA_BASE_URL").or(() -> secrets.given("OLLAMA_HOST"));
        if (ollama.isPresent() || settings.model().equals("ollama")) {
            String address = ollama.orElse(OLLAMA);
            variables.put("HQ_MODELS_OLLAMA_BASE_URL", address.contains("://") ? address : "http://" + address);
        }
    }

    /** Vectors are Voyage AI's where there is a key for it, else those of the model that comes along. */
    private void embedding(Map<String, String> variables) {
        variables.put("HQ_EMBEDDING_LOG", home.log("hq-embed").toString());
        secrets.given("VOYAGE_API_KEY").ifPresent(key -> {
            variables.put("HQ_EMBEDDING_PROVIDER", "voyage");
            variables.put("HQ_EMBEDDING_VOYAGE_API_KEY", key);
        });
        secrets.given("VOYAGE_BASE_URL").ifPresent(url -> variables.put("HQ_EMBEDDING_VOYAGE_BASE_URL", url));
    }

    private void mailOut(Map<String, String> variables) {
        variables.put("HQ_MAIL_FROM", settings.company().mailFrom());
        variables.put("HQ_MAIL_FROM_NAME", settings.company().name());
        Optional<Settings.Server> smtp = settings.mail().smtp();
        if (smtp.isPresent()) {
            server(variables, "HQ_MAIL_SMTP_", smtp.get());
        } else {
            variables.put("HQ_MAIL_SMTP_HOST", "127.0.0.1");
            variables.put("HQ_MAIL_SMTP_PORT", Integer.toString(settings.port(Endpoint.SMTP)));
            variables.put("HQ_MAIL_SENT_DIR", home.mailSent().toString());
        }
    }

    private void mailIn(Map<String, String> variables) {
        settings.mail().imap().ifPresent(imap -> server(variables, "HQ_MAIL_IMAP_", imap));
    }

    private void server(Map<String, String> variables, String prefix, Settings.Server server) {
        variables.put(prefix + "HOST", server.host());
        variables.put(prefix + "PORT", Integer.toString(server.port()));
        if (!server.user().isEmpty()) {
            variables.put(prefix + "USERNAME", server.user());
            secrets.given("HQ_MAIL_PASSWORD").ifPresent(password -> variables.put(prefix + "PASSWORD", password));
        }
        variables.put(prefix + "TLS", Boolean.toString(server.security().equals("tls")));
        variables.put(prefix + "STARTTLS", Boolean.toString(server.security().equals("starttls")));
    }

    private Map<String, String> inherited() {
        Map<String, String> variables = new TreeMap<>();
        INHERITED.forEach(name -> outside.variable(name).ifPresent(value -> variables.put(name, value)));
        return variables;
    }

    /** What {@code config.yaml} adds for this process, and {@code HQ_ENV_<PROCESS>__<NAME>} of this command's environment. */
    private Map<String, String> withOverrides(String process, Map<String, String> variables) {
        variables.putAll(settings.environment().getOrDefault(process, Map.of()));
        String prefix = "HQ_ENV_" + process.toUpperCase(Locale.ROOT).replace('-', '_') + "__";
        outside.variables().forEach((name, value) -> {
            if (name.startsWith(prefix)) {
                variables.put(name.substring(prefix.length()), value);
            }
        });
        return variables;
    }
}
