package org.capitania.registry.catalogue;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a tool's arguments become nodes of one type, for a tool that needs no class of its own. Props, statuses and their transitions are the
 * graph's to check: the form says only which argument is what.
 *
 * @param type the node type
 * @param status the arguments that name a status; the first that is given counts
 * @param props argument to prop
 * @param links argument to edge
 * @param shows the props that a line of a list has
 * @param verbs action to what it does; a tool without actions has its own name here
 */
public record NodeForm(
        String type,
        List<String> status,
        Map<String, String> props,
        Map<String, Link> links,
        List<String> shows,
        Map<String, Op> verbs) {

    public NodeForm {
        status = status == null ? List.of() : List.copyOf(status);
        props = props == null ? Map.of() : new LinkedHashMap<>(props);
        links = links == null ? Map.of() : new LinkedHashMap<>(links);
        shows = shows == null ? List.of() : List.copyOf(shows);
        verbs = verbs == null ? Map.of() : new LinkedHashMap<>(verbs);
    }

    /** The kinds of action. */
    public enum Does {
        @JsonProperty("list")
        LIST,
        @JsonProperty("show")
        SHOW,
        @JsonProperty("create")
        CREATE,
        @JsonProperty("update")
        UPDATE
    }

    /**
     * An edge that an argument states.
     *
     * @param incoming whether it comes from the node that is named
     * @param one whether it takes the place of the one that stood
     * @param person whether a bare name such as owner or chief will do
     */
    public record Link(String edge, boolean incoming, boolean one, boolean person) {}

    /**
     * One action.
     *
     * @param status what it sets
     * @param statuses what it lists unless told otherwise; all when there are none
     * @param stamp the prop that is set to the time it is done
     * @param sets props that it always sets
     */
    public record Op(
            Does does,
            @Nullable String status,
            List<String> statuses,
            @Nullable String stamp,
            @Nullable Map<String, JsonNode> sets) {

        public Op {
            statuses = statuses == null ? List.of() : List.copyOf(statuses);
        }
    }
}
