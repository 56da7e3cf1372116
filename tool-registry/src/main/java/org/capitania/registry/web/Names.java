package org.capitania.registry.web;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/** Asks for the addresses of a host. */
@FunctionalInterface
interface Names {
    List<InetAddress> addresses(String host) throws UnknownHostException;

    /** The machine's own way to ask. */
    static Names system() {
        return host -> List.of(InetAddress.getAllByName(host));
    }
}
