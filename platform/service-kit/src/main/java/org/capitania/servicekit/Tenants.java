package org.capitania.servicekit;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.function.Consumer;
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

    /** Does it for every tenant, also behind one where it fails; the first failure is thrown in the end, with the others in it. */
    public void each(Consumer<String> work) {
        RuntimeException failure = null;
        for (String tenant : ids) {
            try {
                work.accept(tenant);
            } catch (RuntimeException e) {
                if (failure == null) {
                    failure = e;
                } else {
                    failure.addSuppressed(e);
                }
            }
        }
        if (failure != null) {
            throw failure;
        }
    }
}
