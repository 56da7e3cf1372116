package org.capitania.contract.api;

import java.util.List;

/** {@code GET /v1/proposals}: newest first. */
public record ProposalList(List<ProposalView> items) {}
