package org.capitania.approval.console;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The conversation a proposal came from, oldest message first.
 *
 * @param earlier how many older messages are left out
 */
record MailThread(@Nullable String subject, List<Message> messages, int earlier) {

    /**
     * One message. Its text came from outside and is only ever shown as text.
     *
     * @param quoted what it repeats of earlier messages, folded away
     * @param answered whether the proposal answers this one
     */
    record Message(
            String id,
            String slug,
            String from,
            @Nullable String fromName,
            List<String> to,
            boolean ours,
            boolean answered,
            @Nullable Moment at,
            String text,
            @Nullable String quoted,
            List<Attachment> attachments,
            boolean truncated) {
        public List<String> lines() {
            return text.lines().toList();
        }

        public String initial() {
            String name = fromName == null || fromName.isBlank() ? from : fromName;
            return name.isEmpty() ? "?" : new String(Character.toChars(Character.toUpperCase(name.codePointAt(0))));
        }
    }

    /** A file that came with a message. */
    record Attachment(String name, String size) {}
}
