package org.capitania.contract.api;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The acts of one task or session in order ({@code GET /v1/actions}); what {@code hq trace show} prints. */
public record ActionsView(
        @Nullable String taskId,
        @Nullable String agent,
        @Nullable String model,
        List<ActionView> actions) {}
