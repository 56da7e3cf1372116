package org.capitania.registry.process;

import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** This replica's name: the same after a restart, so that it knows what its earlier life left open; different from any other replica's. */
@ApplicationScoped
public class ProcessName {
    private final String name;

    ProcessName(@ConfigProperty(name = "hq.instance", defaultValue = "tool-registry-0") String instance) {
        this.name = instance;
    }

    public String name() {
        return name;
    }
}
