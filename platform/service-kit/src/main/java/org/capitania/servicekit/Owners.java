package org.capitania.servicekit;

import jakarta.enterprise.context.ApplicationScoped;

/** Who the owner is, where a name is at hand and no token: what the key set says of it. */
@ApplicationScoped
public class Owners {
    private final KeySet keys;

    Owners(KeySet keys) {
        this.keys = keys;
    }

    /** Whether a principal has an owner's key that is valid for the tenant. */
    public boolean isOwner(String principal, String tenant) {
        return keys.all().stream()
                .anyMatch(key -> key.kind() == PrincipalKind.OWNER
                        && key.subject().equals(principal)
                        && (key.tenants().contains("*") || key.tenants().contains(tenant)));
    }
}
