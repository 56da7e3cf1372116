package org.capitania.registry.risk;

import java.util.Optional;
import java.util.Set;
import org.capitania.registry.handler.TextChange;

/** What the store knows of a call beside its arguments; each is fetched when a line asks for it. */
public interface Facts {
    /** Every name a line may ask for. */
    Set<String> NAMES = Set.of(
            "edges_moved",
            "people_written_to",
            "secrets",
            "hidden_characters",
            "factor",
            "words_of_people",
            "other_agent",
            "property_sensitivity",
            "relationship",
            "contract_status",
            "author",
            "caller");

    long number(String name);

    Set<String> texts(String name);

    /** What becomes of the text of a file; empty for a call that changes none. */
    Optional<TextChange> text();
}
