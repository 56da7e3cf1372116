package org.capitania.registry.outside;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.registry.catalogue.ToolDefinition;
import org.capitania.servicekit.Scope;
import org.capitania.servicekit.Sql;
import org.capitania.servicekit.Tx;

/** The outside tools by their names here, beside the catalogue. */
@ApplicationScoped
public class OutsideTools {
    private static final Pattern SERVER = Pattern.compile("[a-z][a-z0-9]{1,19}");

    private final Sql sql;
    private final OutsideStore store;
    private final OutsideConfig config;

    OutsideTools(Sql sql, OutsideStore store, OutsideConfig config) {
        this.sql = sql;
        this.store = store;
        this.config = config;
    }

    /** Whether a name can only be that of an outside tool. */
    public static boolean named(String tool) {
        return tool.contains(OfferedTool.BETWEEN);
    }

    /** The tool as it was pinned; as it is offered where the owner has not looked yet, for which nobody is granted it. */
    public Optional<ToolDefinition> find(Scope scope, String tool) {
        return named(tool)
                ? sql.tx(scope, tx -> store.find(tx, tool)).flatMap(OutsideDefinition::of)
                : Optional.empty();
    }

    /** Those that may be used; not those of a server that is mounted no more. */
    public List<ToolDefinition> trusted(Tx tx) {
        return store.all(tx).stream()
                .filter(tool -> tool.trusted() && config.servers().containsKey(tool.server()))
                .flatMap(tool -> OutsideDefinition.of(tool).stream())
                .toList();
    }

    /** The names that the owner gave to an agent and that may be used. */
    public Set<String> granted(Tx tx, String role) {
        Set<String> granted = store.granted(tx, role);
        granted.removeIf(tool -> !config.servers().containsKey(tool.substring(0, tool.indexOf(OfferedTool.BETWEEN))));
        return granted;
    }

    Set<String> servers() {
        return new TreeSet<>(config.servers().keySet());
    }

    OutsideSession session(String server) {
        OutsideConfig.Server known = config.servers().get(server);
        if (known == null || !SERVER.matcher(server).matches()) {
            throw new CapitaniaException(ErrorCode.NOT_CONFIGURED, "no outside server is called " + server)
                    .withHint("set hq.outside.servers." + server
                            + ".url; a name is two to twenty small letters and digits");
        }
        return OutsideSession.open(server, known);
    }

    /** Asks a server what it offers and writes it down. */
    List<OfferedTool> refresh(Scope scope, String server, OutsideSession session) {
        List<OfferedTool> offered = session.offered();
        sql.run(scope, tx -> store.offer(tx, server, offered));
        return offered;
    }
}
