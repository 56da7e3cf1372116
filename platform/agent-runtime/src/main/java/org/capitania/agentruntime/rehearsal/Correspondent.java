package org.capitania.agentruntime.rehearsal;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * Who waits for an answer in a thread.
 *
 * @param name the display name; empty when unknown
 * @param entity the id of their organisation; empty when it is not known
 * @param contact the id of the person; empty when it is not known
 * @param message what they wrote last
 * @param language in which they wrote it
 */
record Correspondent(
        String address,
        String name,
        String entity,
        String contact,
        String subject,
        JsonNode message,
        Language language) {

    static Correspondent of(JsonNode event, JsonNode thread) {
        JsonNode answer = thread.path("answer");
        JsonNode message =
                message(thread, answer.path("in_reply_to_interaction").asText());
        String address = Text.or(
                event.path("from").path("address").asText(""),
                Text.or(
                        answer.path("to").path(0).asText(""),
                        message.path("from").asText("")));
        String name = event.path("from").path("name").asText("");
        for (JsonNode person : thread.path("participants")) {
            if (name.isBlank() && person.path("address").asText().equalsIgnoreCase(address)) {
                name = Text.first(person, "name", "title");
            }
        }
        String subject = Text.or(Text.first(event, "subject"), Text.first(thread.path("conversation"), "subject"));
        String words = Text.first(answer, "subject") + "\n"
                + Letter.own(message.path("body_text").asText(""));
        return new Correspondent(
                address,
                name,
                Text.first(event, "entity_id"),
                Text.first(event, "contact_id"),
                subject,
                message,
                Language.of(words));
    }

    /** The same, who reads another language than they wrote. */
    Correspondent reading(Language other) {
        return new Correspondent(address, name, entity, contact, subject, message, other);
    }

    /** Name and address, as a peer finds them. */
    String spoken() {
        return name.isBlank() ? address : name + " <" + address + ">";
    }

    private static JsonNode message(JsonNode thread, String id) {
        JsonNode found = thread.path("messages").path(-1);
        for (JsonNode message : thread.path("messages")) {
            if (message.path("id").asText().equals(id)) {
                found = message;
            }
        }
        return found;
    }
}
