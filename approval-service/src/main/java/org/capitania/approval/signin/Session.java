package org.capitania.approval.signin;

import java.util.UUID;

/**
 * Someone who is signed in.
 *
 * @param formToken what every form of this session carries
 */
public record Session(UUID id, String tenant, String actor, String formToken) {}
