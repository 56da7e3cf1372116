package org.capitania.contract.api;

/** How many tools a model is shown at once, and which it is shown however many there are. */
public final class ToolLoading {
    /** With more tools than this a model looks for what it needs; our choice among the figures of the design. */
    public static final int ALL_LOADED = 25;

    /** In the {@code _meta} of a tool as the Model Context Protocol lists it: true where it is never left to be looked for. */
    public static final String ALWAYS = "org.capitania/always-loaded";

    /** The tool, and its action, by which an agent looks for tools where its provider has no such form. */
    public static final String TOOLS = "hq_tools";

    public static final String SEARCH = "search";

    private ToolLoading() {}
}
