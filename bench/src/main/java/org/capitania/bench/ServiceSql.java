package org.capitania.bench;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.capitania.contract.Json;

/**
 * The statements that the service really sends for a create and a patch, as the server's log has them, made into a script of pgbench: ids
 * and names come from its counters, everything else is as it was.
 */
final class ServiceSql {
    private static final Pattern ENTRY = Pattern.compile(
            "execute [^\\n]*?: (SELECT [^\\n]*(?:touched|apply_whole)\\([^\\n]*)\\n[^\\n]*DETAIL:  [Pp]arameters: ([^\\n]*)\\n");
    private static final Pattern PARAMETER = Pattern.compile("\\$(\\d+) = (NULL|'(?:[^']++|'')*+')");
    private static final int STATEMENTS = 4;
    /** What pgbench takes for one of its variables, also within a literal. */
    private static final String VARIABLE = ":(?=[0-9A-Za-z_])";

    /** Where pgbench's counters stand in for what the service has chosen. */
    private static final String NODE = "%1$s";

    private static final String MUTATION = "%2$s";
    private static final String NUMBER = "%3$s";
    private static final String COUNTERS = ", '00000000-0000-7000-8000-' || lpad(to_hex(:x::bigint), 12, '0')"
            + ", '00000000-0000-7000-9000-' || lpad(to_hex(:x::bigint), 12, '0'), :x::bigint)";

    private final GraphProcess graph;
    private final Texts texts = new Texts();

    ServiceSql(GraphProcess graph) {
        this.graph = graph;
    }

    /** One script for each text: create and patch, of {@value #STATEMENTS} statements. */
    List<String> scripts() throws SQLException, IOException {
        List<String> scripts = new ArrayList<>();
        try (Wire wire = graph.connect()) {
            String token = graph.token();
            logAll(true);
            for (int text = 0; text < Texts.COUNT; text++) {
                // Far above what the clients count, and of ten digits: nothing else in a statement looks like it.
                long number = 7_770_777_000L + text;
                long before = Files.size(log());
                String created = wire.post("/v1/mutations", token, "{\"ops\":[" + texts.create(number) + "]}");
                String id =
                        Json.read(created, JsonNode.class).at("/results/0/id").textValue();
                String patched = wire.post("/v1/mutations", token, "{\"ops\":[" + Texts.patch(id) + "]}");
                scripts.add(script(statements(before), id, number, List.of(event(created), event(patched))));
            }
        } finally {
            logAll(false);
        }
        return scripts;
    }

    private static String event(String answer) {
        return Json.read(answer, JsonNode.class).path("audit_event_id").textValue();
    }

    private void logAll(boolean on) throws SQLException {
        graph.postgres().execute("ALTER SYSTEM SET log_statement = '" + (on ? "all" : "none") + "'");
        graph.postgres().execute("SELECT pg_reload_conf()");
        // Each server process reads its settings when it is next spoken to; the postmaster has to tell it first.
        LockSupport.parkNanos(500_000_000L);
    }

    private Path log() {
        return graph.postgres().log();
    }

    private record Statement(String sql, List<String> parameters) {}

    private List<Statement> statements(long from) throws IOException {
        byte[] all = Files.readAllBytes(log());
        Matcher entries = ENTRY.matcher(new String(all, (int) from, all.length - (int) from, StandardCharsets.UTF_8));
        List<Statement> statements = new ArrayList<>();
        while (entries.find()) {
            List<String> parameters = new ArrayList<>();
            Matcher parameter = PARAMETER.matcher(entries.group(2));
            while (parameter.find()) {
                parameters.add(parameter.group(2));
            }
            statements.add(new Statement(entries.group(1), parameters));
        }
        if (statements.size() != STATEMENTS) {
            throw new IllegalStateException("a create and a patch are " + STATEMENTS + " statements, the log has "
                    + statements.size() + ": the benchmark has to learn what the service sends");
        }
        return statements;
    }

    private static String script(List<Statement> statements, String id, long number, List<String> mutations) {
        StringBuilder script = new StringBuilder("\\set n :n + 1\n\\set x :n * 64 + :client_id\n");
        for (Statement statement : statements) {
            String sql = statement.sql();
            for (int i = statement.parameters().size(); i > 0; i--) {
                String value = statement.parameters().get(i - 1);
                sql = sql.replace(
                        "$" + i,
                        value.startsWith("'{")
                                ? template(value, id, number, mutations)
                                : value.replaceAll(VARIABLE, "' || chr(58) || '"));
            }
            script.append(sql).append(";\n");
        }
        return script.toString();
    }

    private static String template(String literal, String id, long number, List<String> mutations) {
        String text = literal.replace("%", "%%");
        for (String mutation : mutations) {
            text = text.replace(mutation, MUTATION);
        }
        text = text.replace(id, NODE).replace(Long.toString(number), NUMBER);
        // To pgbench a colon before a letter or a digit is a variable: in the syntax a space parts them, within a text
        // an escape is the same.
        text = text.replaceAll("\":(?=[0-9a-z])", "\": ").replaceAll(":(?=[0-9A-Za-z_])", "\\\\u003a");
        return "format(" + text + COUNTERS;
    }
}
