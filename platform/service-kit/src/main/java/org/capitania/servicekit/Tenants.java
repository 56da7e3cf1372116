package org.capitania.servicekit;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** The tenants this fleet serves; background work that no event causes goes through them one by one. */
@ApplicationScoped
public class Tenants {
    private final List<String> ids;

    Tenants(@ConfigProperty(name = "hq.tenants") List<String> ids) {
        this.ids = List.copyOf(ids);
    }

    public List<String> ids() {
        return ids;
    }
}
