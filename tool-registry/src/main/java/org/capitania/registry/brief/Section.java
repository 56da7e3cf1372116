package org.capitania.registry.brief;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.capitania.contract.Json;

/** One part of the facts: figures, lines about single things, and where all of it comes from. */
final class Section {
    private final ObjectNode data;
    private final ArrayNode figures;
    private final ArrayNode items;
    private final Set<String> taints = new TreeSet<>();

    Section(String name, String source) {
        this.data = Json.MAPPER.createObjectNode().put("name", name).put("source", source);
        this.figures = data.putArray("figures");
        this.items = data.putArray("items");
    }

    Section figure(String name, double value, String unit) {
        plain(name, value, unit);
        return this;
    }

    /** One that is better the smaller it is. */
    Section figure(String name, double value, String unit, double goal) {
        plain(name, value, unit).put("goal", decimal(goal)).put("holds", value <= goal);
        return this;
    }

    /** What was said of a figure; 0 where nothing was. */
    double value(String name) {
        return figures.valueStream()
                .filter(figure -> figure.path("name").asText().equals(name))
                .findFirst()
                .map(figure -> figure.path("value").asDouble())
                .orElse(0.0);
    }

    ObjectNode item() {
        return items.addObject();
    }

    /** What of it came from outside. */
    void tainted(String source) {
        taints.add(source);
    }

    /** Its source could not be asked. */
    void unavailable(String why) {
        figures.removeAll();
        items.removeAll();
        data.put("unavailable", why);
    }

    ObjectNode data() {
        return data;
    }

    List<String> taints() {
        return new ArrayList<>(taints);
    }

    private ObjectNode plain(String name, double value, String unit) {
        return figures.addObject()
                .put("name", name)
                .put("value", decimal(value))
                .put("unit", unit);
    }

    static BigDecimal decimal(double value) {
        BigDecimal rounded =
                BigDecimal.valueOf(value).setScale(2, RoundingMode.HALF_UP).stripTrailingZeros();
        return rounded.scale() < 0 ? rounded.setScale(0) : rounded;
    }
}
