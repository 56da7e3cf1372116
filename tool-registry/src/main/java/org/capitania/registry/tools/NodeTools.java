package org.capitania.registry.tools;

import jakarta.enterprise.context.ApplicationScoped;
import org.capitania.registry.catalogue.NodeForm;
import org.capitania.registry.handler.Call;
import org.capitania.registry.handler.Result;
import org.capitania.registry.handler.ToolHandler;
import org.jspecify.annotations.Nullable;

/** The handler of every tool whose file says how its arguments become nodes. */
@ApplicationScoped
public class NodeTools {
    private final NodeReads reads;
    private final NodeWrites writes;

    NodeTools(NodeReads reads, NodeWrites writes) {
        this.reads = reads;
        this.writes = writes;
    }

    /**
     * The handler of a tool that has a form.
     *
     * @param rest does what the form does not say; null where it says all
     */
    public ToolHandler handler(String tool, NodeForm form, @Nullable ToolHandler rest) {
        return new NodeTool(tool, form, rest, this);
    }

    private record NodeTool(
            String tool, NodeForm form, @Nullable ToolHandler rest, NodeTools all) implements ToolHandler {
        @Override
        public Result call(Call call) {
            NodeForm.Op op = form.verbs().get(call.verb().name());
            if (op == null && rest != null) {
                return rest.call(call);
            }
            if (op == null) {
                throw new IllegalStateException(
                        tool + " does not say what " + call.verb().name() + " does");
            }
            return switch (op.does()) {
                case LIST -> all.reads.list(call, form, op);
                case SHOW -> all.reads.show(call, form);
                case CREATE -> all.writes.create(call, form, op);
                case UPDATE -> all.writes.update(call, form, op);
            };
        }
    }
}
