package org.capitania.registry.risk;

import com.fasterxml.jackson.databind.JsonNode;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.capitania.registry.effects.Effects;
import org.capitania.registry.handler.Call;
import org.capitania.registry.handler.Draft;
import org.capitania.registry.mail.Address;
import org.capitania.servicekit.Sql;

/** Whom an agent's letters reach, those of one task and those that answer one message taken together: a mass mail may come in pieces. */
@ApplicationScoped
class Letters {
    private final Sql sql;
    private final Effects effects;

    Letters(Sql sql, Effects effects) {
        this.sql = sql;
        this.effects = effects;
    }

    /** The mailboxes that this call reaches, and those that letters before it have reached or may have. */
    Set<String> people(Call call, Optional<Draft> draft) {
        Set<String> people = new TreeSet<>();
        add(people, call.arguments());
        String answered = draft.map(Draft::interactionId).orElse(null);
        sql.tx(call.scope(), tx -> effects.letters(tx, call.actor(), call.taskId(), answered))
                .forEach(letter -> add(people, letter));
        return people;
    }

    private static void add(Set<String> people, JsonNode letter) {
        for (String field : List.of("to", "cc", "bcc")) {
            letter.path(field).forEach(address -> people.add(Address.key(address.asText())));
        }
    }
}
