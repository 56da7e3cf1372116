package org.capitania.contract.api;

/** The turn is in the ledger, at cost 0. */
public record RehearsalAnswer(boolean ok) {}
