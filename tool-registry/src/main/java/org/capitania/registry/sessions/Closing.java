package org.capitania.registry.sessions;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.FieldError;
import org.capitania.contract.api.SessionClose;

/** What a session's end has to say before anything of it is written (sections 13.6 and 38 of the seeds). */
final class Closing {
    private static final Set<String> KINDS = Set.of("fact", "pattern", "preference", "anti_pattern", "watch_item");

    private Closing() {}

    static void check(SessionClose close) {
        List<FieldError> errors = new ArrayList<>();
        int found = close.memory().size();
        if (found != close.memoryEntryCount()) {
            errors.add(new FieldError(
                    "/memory",
                    found + " entries",
                    close.memoryEntryCount() + " entries",
                    "memory_entry_count says " + close.memoryEntryCount() + ", memory has " + found
                            + " entries: the list was cut off"));
        }
        if (close.outcome().equals("finished") && found == 0 && blank(close.noMemoryReason())) {
            errors.add(new FieldError(
                    "/no_memory_reason",
                    null,
                    "a reason",
                    "a session that finished leaves a memory, or says why it leaves none"));
        }
        for (int i = 0; i < found; i++) {
            SessionClose.Memory memory = close.memory().get(i);
            if (!KINDS.contains(memory.kind())) {
                String allowed = String.join(", ", KINDS.stream().sorted().toList());
                errors.add(new FieldError(
                        "/memory/" + i + "/kind", memory.kind(), allowed, "a memory is one of " + allowed));
            }
            if (blank(memory.body())) {
                errors.add(new FieldError("/memory/" + i + "/body", "", "words", "a memory that says nothing"));
            }
        }
        if (!errors.isEmpty()) {
            throw new CapitaniaException(
                    ErrorCode.SCHEMA_VIOLATION,
                    errors.getFirst().path() + ": " + errors.getFirst().message(),
                    errors);
        }
    }

    /** Why the agent believes what it remembers is one hop away. */
    static void check(SessionClose close, SessionBook.Book book) {
        if (book.modelCalls().isEmpty() && !close.memory().isEmpty()) {
            throw new CapitaniaException(
                    ErrorCode.SCHEMA_VIOLATION,
                    "/memory: a memory comes from a model call, and none of this session is known",
                    List.of(new FieldError(
                            "/memory", close.memory().size() + " entries", "none", "the session called no model")));
        }
    }

    private static boolean blank(@org.jspecify.annotations.Nullable String text) {
        return text == null || text.isBlank();
    }
}
