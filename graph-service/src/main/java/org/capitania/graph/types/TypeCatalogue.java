package org.capitania.graph.types;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.capitania.servicekit.Scope;

/** The types of each tenant, kept in memory; the first trip of every batch says which revision it has to be. */
@ApplicationScoped
public class TypeCatalogue {
    private final TypeStore store;
    private final Types everybodys = TypeFiles.read();
    private final Map<String, Types> tenants = new ConcurrentHashMap<>();

    TypeCatalogue(TypeStore store) {
        this.store = store;
    }

    /** The tenant's types as this process last read them. */
    public Types of(Scope scope) {
        Types known = tenants.get(scope.tenant());
        return known == null ? reread(scope) : known;
    }

    /** The tenant's types as they are. */
    public Types reread(Scope scope) {
        TypeStore.Own own = store.read(scope);
        Types read = everybodys.with(own.definitions(), own.revision());
        // Two readers at once: the later revision stays.
        tenants.merge(scope.tenant(), read, (a, b) -> a.revision() > b.revision() ? a : b);
        return read;
    }

    /** A type of the tenant; what this process does not know may be new. */
    public Optional<NodeType> node(Scope scope, String name) {
        return of(scope).node(name).or(() -> reread(scope).node(name));
    }

    /** The types that every company has. */
    public Types everybodys() {
        return everybodys;
    }
}
