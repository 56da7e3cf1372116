package org.capitania.registry.risk;

import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/** A text as YAML, and so as JSON too: a passage a value, in its order, under its names; what stands twice stands here twice. */
final class YamlReading {
    private static final int MOST = 20_000;
    private static final int DEEPEST = 50;

    private final List<Passage> passages = new ArrayList<>();

    private YamlReading() {}

    /** The values; none for a text that is one plain value, empty when it is no YAML or more of it than anybody reads. */
    static Optional<List<Passage>> of(String text) {
        LoaderOptions limits = new LoaderOptions();
        limits.setNestingDepthLimit(DEEPEST);
        YamlReading reading = new YamlReading();
        try {
            for (Node document : new Yaml(limits).composeAll(new StringReader(text.replace('\t', ' ')))) {
                if (!(document instanceof ScalarNode)) {
                    reading.read(document, List.of());
                }
            }
        } catch (YAMLException e) {
            // Most texts are none: that is the answer.
            return Optional.empty();
        }
        return Optional.of(reading.passages);
    }

    private void read(Node node, List<String> under) {
        if (passages.size() > MOST || under.size() > DEEPEST) {
            throw new YAMLException("more than is read");
        }
        switch (node) {
            case MappingNode map -> {
                for (NodeTuple entry : map.getValue()) {
                    read(entry.getValueNode(), with(under, name(entry.getKeyNode())));
                }
            }
            case SequenceNode sequence -> sequence.getValue().forEach(item -> read(item, with(under, "-")));
            case ScalarNode scalar ->
                passages.add(new Passage(under, String.valueOf(scalar.getTag()), scalar.getValue()));
            default -> throw new YAMLException("no value");
        }
    }

    private static String name(Node key) {
        return (key instanceof ScalarNode scalar ? scalar.getValue() : "") + ":";
    }

    private static List<String> with(List<String> under, String name) {
        List<String> all = new ArrayList<>(under);
        all.add(name);
        return all;
    }
}
