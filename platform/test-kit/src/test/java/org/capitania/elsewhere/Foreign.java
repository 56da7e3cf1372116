package org.capitania.elsewhere;

/** What the offender must not use. */
public final class Foreign {}
