package org.capitania.graph.types;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiFunction;
import org.capitania.contract.Json;

/** The types that every company has, read from {@code types/nodes/*.json} and {@code types/edges/*.json}; a file that is wrong stops the start. */
final class TypeFiles {
    private TypeFiles() {}

    static Types read() {
        return new Types(load("nodes", NodeType::of), load("edges", EdgeType::of), 0);
    }

    private static <T> Map<String, T> load(String kind, BiFunction<String, JsonNode, T> read) {
        Map<String, T> all = new LinkedHashMap<>();
        // A jar cannot be listed like a folder, hence the index; a test holds it to what is there.
        String index = new String(resource("types/" + kind + "/index.txt"), StandardCharsets.UTF_8);
        for (String name : index.lines().filter(line -> !line.isBlank()).toList()) {
            all.put(
                    name,
                    read.apply(name, Json.read(resource("types/" + kind + "/" + name + ".json"), JsonNode.class)));
        }
        return all;
    }

    private static byte[] resource(String path) {
        try (InputStream in = Thread.currentThread().getContextClassLoader().getResourceAsStream(path)) {
            if (in == null) {
                throw new IllegalStateException("no " + path + " on the classpath");
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
