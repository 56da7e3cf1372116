package org.capitania.contract.api;

/** Headers an agent sends with a model call ({@code /v1/models/{provider}/…}); all but the purpose are required of agents. */
public final class ModelHeaders {
    public static final String SESSION = "X-HQ-Session";
    public static final String TASK = "X-HQ-Task";
    public static final String RUN = "X-HQ-Run";
    public static final String FENCE = "X-HQ-Fence";
    /** What the answer is for; written to the ledger. */
    public static final String PURPOSE = "X-HQ-Purpose";

    public static final String CALL = "X-HQ-Call";

    private ModelHeaders() {}
}
