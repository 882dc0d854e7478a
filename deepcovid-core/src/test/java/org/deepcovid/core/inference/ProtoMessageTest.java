package org.deepcovid.core.inference;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** Expected bytes follow the examples and rules of the protocol-buffer encoding. */
class ProtoMessageTest {

    private static String hex(ProtoMessage message) {
        byte[] bytes = new byte[(int) message.size()];
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        message.writeTo(buffer);
        assertThat(buffer.hasRemaining()).isFalse();
        return HexFormat.of().formatHex(bytes);
    }

    @Test
    void numbersTakeSevenBitsAByte() {
        assertThat(hex(new ProtoMessage().number(1, 150))).isEqualTo("089601");
        assertThat(hex(new ProtoMessage().number(1, 0))).isEqualTo("0800");
        assertThat(hex(new ProtoMessage().number(1, 127))).isEqualTo("087f");
        assertThat(hex(new ProtoMessage().number(1, 128))).isEqualTo("088001");
        assertThat(hex(new ProtoMessage().number(1, -1))).isEqualTo("08ffffffffffffffffff01");
        assertThat(hex(new ProtoMessage().number(20, 7))).isEqualTo("a00107");
    }

    @Test
    void textIsUtf8WithItsLength() {
        assertThat(hex(new ProtoMessage().text(2, "testing"))).isEqualTo("120774657374696e67");
        assertThat(hex(new ProtoMessage().text(2, "é"))).isEqualTo("1202c3a9");
        assertThat(hex(new ProtoMessage().text(2, ""))).isEqualTo("1200");
    }

    @Test
    void messagesNestAndRepeat() {
        ProtoMessage inner = new ProtoMessage().number(1, 150);
        assertThat(hex(new ProtoMessage().message(3, inner).message(3, inner)))
                .isEqualTo("1a030896011a03089601");
    }

    @Test
    void floatsAreLittleEndian() {
        assertThat(hex(new ProtoMessage().fixed(2, 1))).isEqualTo("150000803f");
        assertThat(hex(new ProtoMessage().floats(9, 2, () -> new float[] {1, -2}).number(1, 5)))
                .isEqualTo("4a08" + "0000803f" + "000000c0" + "0805");
    }
}
