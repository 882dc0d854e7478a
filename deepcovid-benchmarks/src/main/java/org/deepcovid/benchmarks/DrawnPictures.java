package org.deepcovid.benchmarks;

import java.awt.Color;
import java.awt.Font;
import java.awt.GradientPaint;
import java.awt.Graphics2D;
import java.awt.RadialGradientPaint;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.util.Random;

/** Pictures that are no radiographs, drawn by a seed. */
enum DrawnPictures {
    TEXT_PAGE("text pages") {
        @Override
        void draw(Graphics2D page, int width, int height, Random random) {
            boolean dark = random.nextInt(5) == 0;
            page.setColor(dark ? new Color(20, 20, 24) : new Color(255, 255, 250));
            page.fillRect(0, 0, width, height);
            page.setColor(dark ? Color.LIGHT_GRAY : Color.BLACK);
            int size = 8 + random.nextInt(18);
            int margin = width / 20 + random.nextInt(width / 8);
            page.setFont(new Font(random.nextBoolean() ? "Serif" : "SansSerif", 0, size));
            for (int y = margin; y < height - margin; y += size + size / 3) {
                text(page, random, margin, y, random.nextInt(7) == 0 ? width / 3 : width - margin);
            }
        }
    },
    SCREENSHOT("screenshots") {
        @Override
        void draw(Graphics2D screen, int width, int height, Random random) {
            Color ground = colour(random);
            screen.setColor(ground);
            screen.fillRect(0, 0, width, height);
            screen.setFont(new Font("SansSerif", 0, 11));
            for (int window = 2 + random.nextInt(3); window > 0; window--) {
                int w = width / 3 + random.nextInt(width / 2);
                int h = height / 3 + random.nextInt(height / 2);
                int x = random.nextInt(width - w + 1);
                int y = random.nextInt(height - h + 1);
                screen.setColor(new Color(245 - random.nextInt(40), 245, 245));
                screen.fillRect(x, y, w, h);
                screen.setColor(colour(random));
                screen.fillRect(x, y, w, 18);
                screen.fillRect(x, y, 60 + random.nextInt(40), h);
                screen.setColor(Color.DARK_GRAY);
                for (int line = y + 36; line < y + h; line += 15) {
                    text(screen, random, x + 110, line, x + w);
                }
                screen.drawRect(x, y, w, h);
            }
        }
    },
    NOISE("noise") {
        @Override
        void draw(Graphics2D graphics, int width, int height, Random random) {
            int grain = 1 + random.nextInt(6);
            boolean normal = random.nextBoolean();
            for (int y = 0; y < height; y += grain) {
                for (int x = 0; x < width; x += grain) {
                    double value = normal ? 128 + 40 * random.nextGaussian() : random.nextInt(256);
                    int grey = (int) Math.max(0, Math.min(255, value));
                    graphics.setColor(new Color(grey, grey, grey));
                    graphics.fillRect(x, y, grain, grain);
                }
            }
        }
    },
    GRADIENT("gradients") {
        @Override
        void draw(Graphics2D graphics, int width, int height, Random random) {
            Color dark = grey(random.nextInt(60));
            Color light = grey(195 + random.nextInt(60));
            float x = random.nextInt(width);
            float y = random.nextInt(height);
            graphics.setPaint(
                    random.nextBoolean()
                            ? new GradientPaint(x, y, dark, width - x, height - y, light)
                            : new RadialGradientPaint(
                                    x,
                                    y,
                                    width * (0.5f + random.nextFloat()),
                                    new float[] {0, 1},
                                    new Color[] {dark, light}));
            graphics.fillRect(0, 0, width, height);
        }
    };

    private static final String WORDS =
            "the lungs are clear no focal consolidation heart size within normal limits and there"
                    + " is no pleural effusion or pneumothorax seen on this study of the chest";

    private final String kind;

    DrawnPictures(String kind) {
        this.kind = kind;
    }

    String kind() {
        return kind;
    }

    /** One picture; text pages, noise and gradients are grey. */
    BufferedImage picture(long seed) {
        Random random = new Random(31 * seed + kind.hashCode());
        int width = 300 + random.nextInt(500);
        int height = (int) (width * (0.7 + 0.7 * random.nextDouble()));
        int type = this == SCREENSHOT ? BufferedImage.TYPE_INT_RGB : BufferedImage.TYPE_BYTE_GRAY;
        BufferedImage picture = new BufferedImage(width, height, type);
        Graphics2D graphics = picture.createGraphics();
        graphics.setRenderingHint(
                RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
        draw(graphics, width, height, random);
        graphics.dispose();
        return picture;
    }

    abstract void draw(Graphics2D graphics, int width, int height, Random random);

    private static Color grey(int level) {
        return new Color(level, level, level);
    }

    private static Color colour(Random random) {
        return new Color(random.nextInt(1 << 24));
    }

    private static void text(Graphics2D page, Random random, int left, int y, int right) {
        String[] words = WORDS.split(" ");
        int x = left;
        while (x < right - 40) {
            String word = words[random.nextInt(words.length)] + " ";
            page.drawString(word, x, y);
            x += page.getFontMetrics().stringWidth(word);
        }
    }
}
