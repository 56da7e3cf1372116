package org.capitania.servicekit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TenantsTest {
    @Test
    void shouldGoOnWithTheOthersWhenItFailsForOne() {
        List<String> done = new ArrayList<>();
        assertThatThrownBy(() -> new Tenants(List.of("a", "b", "c", "d")).each(tenant -> {
                    done.add(tenant);
                    if (!tenant.equals("b")) {
                        throw new IllegalStateException(tenant);
                    }
                }))
                .hasMessage("a")
                .satisfies(e -> assertThat(e.getSuppressed())
                        .extracting(Throwable::getMessage)
                        .containsExactly("c", "d"));
        assertThat(done).containsExactly("a", "b", "c", "d");
    }
}
