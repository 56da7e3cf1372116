package org.capitania.registry.handler;

/** This process is going down: what it was doing stays open and is resumed elsewhere, or at its next start. */
public final class GatewayStopping extends RuntimeException {
    public GatewayStopping() {
        super("the gateway is stopping");
    }
}
