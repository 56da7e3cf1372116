package org.capitania.registry.mcp;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.introspect.AnnotatedClass;
import com.fasterxml.jackson.databind.introspect.AnnotationIntrospectorPair;
import com.fasterxml.jackson.databind.introspect.NopAnnotationIntrospector;
import io.quarkus.jackson.ObjectMapperCustomizer;
import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;

/** Lets the protocol's own messages keep their names: everywhere else in the fleet they would be written in snake case. */
@Singleton
class ProtocolNames implements ObjectMapperCustomizer {
    private static final String PROTOCOL = "io.quarkiverse.mcp.";

    @Override
    public void customize(ObjectMapper mapper) {
        mapper.setAnnotationIntrospector(AnnotationIntrospectorPair.create(
                new Names(), mapper.getSerializationConfig().getAnnotationIntrospector()));
    }

    private static final class Names extends NopAnnotationIntrospector {
        private static final long serialVersionUID = 1;

        @Override
        public @Nullable Object findNamingStrategy(AnnotatedClass type) {
            return type.getName().startsWith(PROTOCOL) ? PropertyNamingStrategies.LowerCamelCaseStrategy.class : null;
        }
    }
}
