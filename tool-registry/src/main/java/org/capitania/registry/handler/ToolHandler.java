package org.capitania.registry.handler;

/** What one tool does. Its name has a file under {@code tools/}; a handler without one stops the start. */
public interface ToolHandler {
    String tool();

    /**
     * Does it, for whoever was admitted. It may be called again with the same call id after a crash, as the tool's idempotency class
     * allows. A failure is a {@link org.capitania.contract.CapitaniaException}.
     */
    Result call(Call call);
}
