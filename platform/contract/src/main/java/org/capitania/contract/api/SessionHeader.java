package org.capitania.contract.api;

/** The reconstruction header of a session, markdown. */
public record SessionHeader(String header) {}
