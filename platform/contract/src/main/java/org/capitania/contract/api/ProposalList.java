package org.capitania.contract.api;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code GET /v1/proposals}: newest first.
 *
 * @param next what {@code after} takes to go on behind them; null at the end
 */
public record ProposalList(
        List<ProposalView> items, @Nullable String next) {}
