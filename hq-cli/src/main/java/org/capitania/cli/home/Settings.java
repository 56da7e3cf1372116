package org.capitania.cli.home;

import java.util.Map;
import java.util.Optional;

/**
 * What {@code config.yaml} says, with the environment's overrides in it.
 *
 * @param model who thinks for the agents: rehearsal, anthropic, openai or ollama
 * @param ports by the names of {@link Endpoint}; all of them are there
 * @param environment more variables for one process, by its name
 */
public record Settings(
        String tenant,
        String model,
        Company company,
        Mail mail,
        Map<String, Integer> ports,
        Map<String, Map<String, String>> environment) {

    /**
     * The company that runs on this fleet.
     *
     * @param mailFrom the mailbox its mail leaves from
     */
    public record Company(String name, String mailFrom) {}

    /** A real mailbox; without one, mail comes through the inbox directory and leaves into the sent directory. */
    public record Mail(Optional<Server> smtp, Optional<Server> imap) {}

    /**
     * A mail server of the company.
     *
     * @param security tls, starttls or none
     */
    public record Server(String host, int port, String user, String security) {}

    /** The same with other ports. */
    public Settings withPorts(Map<String, Integer> others) {
        return new Settings(tenant, model, company, mail, others, environment);
    }

    public int port(Endpoint endpoint) {
        return ports.getOrDefault(endpoint.name(), endpoint.defaultPort());
    }
}
