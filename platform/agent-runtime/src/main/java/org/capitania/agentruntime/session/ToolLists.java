package org.capitania.agentruntime.session;

import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.capitania.agentruntime.transcript.SessionEntry.Opened;
import org.capitania.agentruntime.transcript.ToolDefinition;
import org.capitania.contract.Json;
import org.capitania.servicekit.Tx;
import org.jspecify.annotations.Nullable;

/** The tools that sessions begin with, each list once: an opened entry is stored without them, and has them again when it is read. */
@ApplicationScoped
class ToolLists {
    /** The body of an entry {@code e} as it was appended. */
    static final String WHOLE = """
            (CASE WHEN e.body ? 'tool_list'
                  THEN jsonb_set(e.body - 'tool_list', '{tools}', (SELECT l.tools FROM tool_lists l WHERE l.digest = e.body ->> 'tool_list'))
                  ELSE e.body END)::text
            """;

    /** The same without the tools of an opened entry, for who does not ask for them. */
    static final String WITHOUT_TOOLS = "(e.body - 'tool_list')::text";

    private final Set<String> kept = ConcurrentHashMap.newKeySet();
    private volatile @Nullable Written last;

    private record Written(List<ToolDefinition> tools, String json, String digest) {}

    /** Keeps the tools of a session that is opened in this transaction; under which name they are found. */
    String keep(Tx tx, Opened opened) {
        Written written = written(opened.tools());
        String known = tx.scope().tenant() + " " + written.digest();
        if (!kept.contains(known)) {
            tx.put(
                    "INSERT INTO tool_lists (digest, tools) VALUES ($1, $2::text::jsonb) ON CONFLICT DO NOTHING",
                    written.digest(),
                    written.json());
            tx.afterCommit(() -> kept.add(known));
        }
        return written.digest();
    }

    private Written written(List<ToolDefinition> tools) {
        Written before = last;
        if (before != null && before.tools().equals(tools)) {
            return before;
        }
        String json = Json.write(tools).replace("\\u0000", "\\ufffd");
        Written now = new Written(tools, json, sha256(json));
        last = now;
        return now;
    }

    private static String sha256(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
