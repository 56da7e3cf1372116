package org.capitania.supervisor.memory;

import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import org.capitania.contract.api.MemoryView;

/** The machine's memory over HTTP; the watchdog tells when it is short. */
@Path("/v1/memory")
@RunOnVirtualThread
class MemoryResource {
    private final MemoryRules rules;

    MemoryResource(MemoryRules rules) {
        this.rules = rules;
    }

    @GET
    public MemoryView memory() {
        return rules.view();
    }
}
