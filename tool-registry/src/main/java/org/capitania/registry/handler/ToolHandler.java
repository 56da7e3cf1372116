package org.capitania.registry.handler;

import org.capitania.contract.CapitaniaException;

/** What one tool does. Its name has a file under {@code tools/}; a handler without one stops the start. */
public interface ToolHandler {
    String tool();

    /**
     * Does it, for whoever was admitted. It may be called again with the same call id after a crash, as the tool's idempotency class
     * allows. A failure is a {@link org.capitania.contract.CapitaniaException}.
     */
    Result call(Call call);

    /**
     * Whether what it reads is the company's own records and nothing else, no file, program or page: a call that nobody was answered is then
     * as if it had never been made, and is written down once, when it has ended.
     */
    default boolean onlyLooks() {
        return false;
    }

    /** Whether a failure says that nobody was asked for it yet, so that it has surely not happened. */
    default boolean notBegun(CapitaniaException failure) {
        return false;
    }

    /** What a call rests on beside its arguments. One that waited for a person is carried out only while it is the same. */
    default String restsOn(Call call) {
        return "";
    }
}
