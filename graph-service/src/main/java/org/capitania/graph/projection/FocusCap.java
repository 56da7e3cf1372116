package org.capitania.graph.projection;

import java.util.List;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.FieldError;

/** The rule that at most three projects of a company are in focus; the store holds it ({@code cap_focus}, HQ030). */
public final class FocusCap {
    private FocusCap() {}

    /** The refusal of a fourth. */
    public static CapitaniaException isFull(String held) {
        String found = held.isBlank() ? "more than three in this batch" : held;
        String detail = "three projects are in focus already: " + found;
        return new CapitaniaException(
                ErrorCode.FOCUS_CAP,
                detail,
                List.of(new FieldError("/priority", "focus", "at most three in the company: " + found, detail)),
                "move one of them to now first, in the same batch if you like",
                null);
    }
}
