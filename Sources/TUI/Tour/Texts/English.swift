extension TourLanguage {
    /// Equations are numbered as in Kingma & Welling 2013 (AEVB), arXiv:1312.6114.
    package static let english = TourLanguage(
        code: "en", name: "English",
        texts: [
            "panel.title": "Tour",
            "panel.on": "Space: on",
            "panel.wait": "Space: skip",
            "panel.back": "Backspace: back",
            "panel.chapters": "T: chapters",
            "panel.leave": "Esc: leave",
            "panel.choose": "Chapters: Enter begins one",
            "panel.loading": "Loading the model {model}.",
            "panel.norun": "This step needs a model that is training. T begins to train one.",
            "panel.elsewhere": "This step takes place elsewhere. T brings you back to it.",

            "two-numbers": "Two numbers",
            "two-numbers.walk.do":
                "The large picture was drawn from the two numbers below it, z1 and z2. Walk with the arrows, to the side and "
                + "up. Watch the numbers and the picture change together.",
            "two-numbers.walk.said":
                "You went from ({from}) to ({to}). Two numbers changed, and with them 784 pixels. The space of these numbers "
                + "is the latent space; what turns them into a picture is the decoder.",
            "two-numbers.compare.do":
                "Now the other way round: the encoder turns a picture into two numbers. Press 3 for Compare. On the left is "
                + "an input; beside it is what the decoder makes of its two numbers.",
            "two-numbers.compare.said":
                "This input has 784 numbers, its output was drawn from z = ({z}) alone. It is blurred because two numbers "
                + "cannot say everything. What is lost is the reconstruction loss: {reconstruction} nats here.",
            "two-numbers.worst.do":
                "Does the model keep a copy of the pictures that it learned from? Press o, so that the worst come first, and "
                + "look at the first one.",
            "two-numbers.worst.said":
                "Image {image} costs {loss} nats, far more than the mean of {mean}. The model keeps no copy: it can only draw "
                + "what its {parameters} parameters make of two numbers.",

            "autoencoder": "An autoencoder and its holes",
            "autoencoder.load.do":
                "The simplest network of this kind is an autoencoder: squeeze, draw again, make the two alike. Here in Models, "
                + "choose autoencoder with the arrows and press Enter.",
            "autoencoder.load.said":
                "Same widths, but no noise and no KL divergence. Its reconstruction loss on unseen digits is {own} nats; that "
                + "of the VAE you came from is {other}. At redrawing what it is given, it is as good or better.",
            "autoencoder.codes.do":
                "Where does it put the pictures? Press v until you see the codes: a mark for each image, coloured by class "
                + "where there are colours.",
            "autoencoder.codes.said":
                "{count} codes, which spread {spread1} one way and {spread2} the other (standard deviations). Nothing told them where to "
                + "lie, so they lie anywhere, with empty land between them.",
            "autoencoder.hole.do":
                "Walk to a place with no codes around it. Then press v until you see pictures again. What does the decoder "
                + "draw where nothing was ever encoded?",
            "autoencoder.hole.said":
                "The nearest code is {distance} away. The decoder draws something all the same, but nothing ever taught it "
                + "what. An autoencoder compresses; that alone does not make it a model to draw new pictures with.",
            "autoencoder.holes.do":
                "How much of the plane is like that? Models measures it for the chosen model: the line \"holes\" comes after "
                + "some seconds.",
            "autoencoder.holes.said":
                "{empty} % of this plane has no code near, and {lost} % draws pictures that are encoded elsewhere. Move the "
                + "cursor to manifold, the VAE, and wait for its line: the rest of the tour is about that difference.",

            "cloud": "A cloud, not a point",
            "cloud.draw.do":
                "Draw a digit: with the mouse, or with the arrows after Space has put the pen down. o takes a held-out digit "
                + "instead. Look at the map: the X and the ellipse around it.",
            "cloud.draw.said":
                "The encoder did not answer with one z. It gave a mean μ = ({mean}), the X, and a standard deviation "
                + "σ = ({deviation}), the ellipse: a normal distribution q(z|x) for this one drawing.",
            "cloud.sample.do":
                "Which z does the decoder get, then? One drawn at random from that cloud. Press z three times and watch the "
                + "output and its z.",
            "cloud.sample.said":
                "The same input, three samples, three outputs; the last z is ({z}). σ is not noise on the pixels: it says how "
                + "exactly the picture fixes z.",
            "cloud.gradient.do":
                "z = μ + σ ⊙ ε with ε from N(0, I): eq. 10. The chance is all in ε, which comes from outside. So the "
                + "gradient passes through μ and σ into the encoder; this is the reparameterization trick.",
            "cloud.mean.do": "Press Z to go back to z = μ, the middle of the cloud.",
            "cloud.mean.said":
                "This is how Compare shows outputs unless told otherwise. While it trains, the model always gets a sample.",

            "learning": "Learning, live",
            "learning.begin.do":
                "Now train one from nothing: press t. The network is the one you know, its weights are random, and it learns "
                + "slowly enough to be watched.",
            "learning.begin.said":
                "Step {step}. The loss began at {first} nats per image: that of a model which has no idea what a digit is.",
            "learning.fall.do":
                "Wait a little and watch the curves: −ELBO, reconstruction and KL. Which one falls, and which one rises?",
            "learning.fall.said":
                "−ELBO = reconstruction + KL (eq. 7): {elbo} = {reconstruction} + {kl} nats. Reconstruction fell at once. KL "
                + "rose from zero as the model found what is worth telling.",
            "learning.pause.do": "Press Space to pause.",
            "learning.pause.said":
                "It stands at step {step}. Every number and every picture on the screens is now of this step.",
            "learning.steps.do": "Press s three times. Each is one step: 128 images, one gradient, one update.",
            "learning.steps.said":
                "From step {from} to step {step}: −ELBO of the last batch {elbo} nats. A single step changes little, and a "
                + "batch may even be worse than the one before.",
            "learning.plane.do":
                "Press Space to go on, then 2 for Explore. This plane belongs to the model that is learning: it unfolds while "
                + "you watch.",
            "learning.plane.said":
                "A KL of {kl} nats is not a fault. It is what the codes tell about the pictures; at zero, every picture would "
                + "have the same code.",

            "tug-of-war": "The tug of war",
            "tug-of-war.begin.do":
                "The two terms pull against each other, and beta is the weight of the KL. A run must be under way for this: "
                + "press t, or Space if it is paused.",
            "tug-of-war.begin.said": "It runs, with beta {beta}.",
            "tug-of-war.up.do":
                "Press > until beta is 64. This is not a learning rate: it changes what is minimised, not how fast.",
            "tug-of-war.up.said": "Beta is {beta}: a nat of KL now costs as much as {beta} nats of reconstruction.",
            "tug-of-war.collapse.do":
                "Wait until the evaluation after an epoch finds a dimension inactive. A warning then comes up.",
            "tug-of-war.collapse.said":
                "Inactive: {inactive}. Its mean hardly varies from image to image (variance below 0.01; Burda et al. 2015), "
                + "so it tells nothing. That is no bug: at this price, silence is the cheapest answer.",
            "tug-of-war.down.do": "Press < until beta is 1 again.",
            "tug-of-war.down.said": "Beta is {beta}: the bound of eq. 7 again.",
            "tug-of-war.back.do": "Wait for an evaluation that finds an active dimension again.",
            "tug-of-war.back.said":
                "{active} of {latent} active, KL {kl} nats: talking is worth its price again.",
            "tug-of-war.free.do":
                "Another remedy: free bits. Press f until some tenths of a nat of each dimension are free.",
            "tug-of-war.free.said":
                "{bits} nats of each dimension now cost nothing (Kingma et al. 2016). No dimension gains anything by telling "
                + "less than that.",

            "prior": "The prior fills the plane",
            "prior.density.do":
                "The KL term pulls the codes towards N(0, I), the prior. Press v until you see the density: where there are "
                + "more codes than the prior says, and where there are fewer.",
            "prior.density.said":
                "Codes lie nearly wherever the prior has weight, so a z drawn from it mostly gives a digit. All codes "
                + "together are still not exactly the prior: where there are too few, a hole is left here too.",
            "prior.twin.do":
                "The same view of the autoencoder. Press v until you see its density. (On 120 columns, B in Explore puts two "
                + "planes side by side.)",
            "prior.twin.said":
                "It has no prior; its codes are compared with one normal distribution of their own mean and spread. They cover only parts "
                + "of it. Where would you draw a z from? That is why a plain autoencoder is no generator.",

            "between": "Between two digits",
            "between.marks.do":
                "Press a where you are. Walk until the picture is another digit, and press b there. The dots show the way "
                + "between them.",
            "between.marks.said":
                "From ({start}) to ({end}): {length} apart. Each place on the way is a z of its own, not a mixture of two "
                + "pictures.",
            "between.walk.do": "Press g and watch the large picture on its way.",
            "between.walk.said":
                "One digit turned into the other through digits that exist. A mean of the two pictures would have shown both "
                + "at once, half bright.",
            "between.bent.do":
                "Press o: the path goes around the origin instead of straight.",
            "between.bent.said":
                "In two dimensions the straight way leads through the dense middle, so both look well. In many dimensions "
                + "almost all codes lie at a distance from the origin, and a straight path cuts through where there are none.",
            "between.sum.do":
                "Press f and type . + 3 - 5 and Enter: from here, add the mean of the threes and take away that of the fives.",
            "between.sum.said":
                "You are at ({z}) now. Directions have a meaning as far as the codes of a class lie together; in two "
                + "dimensions that is not very far.",

            "dimensions": "Twenty dimensions",
            "dimensions.load.do": "Choose pytorch in Models and press Enter: PyTorch's own example, with a z of twenty numbers.",
            "dimensions.load.said":
                "Its test loss is {own} nats per image, that of the model with two numbers {other}. More numbers can say more.",
            "dimensions.bars.do":
                "The bars are the KL of each dimension: how much it tells. {active} of {latent} are active; the most telling "
                + "is {best} with {most} nats, the least {worst} with {least}.",
            "dimensions.compare.do":
                "Compare: the outputs are sharper than those of two numbers were. This image costs {reconstruction} nats of "
                + "reconstruction and {kl} nats of KL.",
            "dimensions.rows.do":
                "No plane shows all twenty. Press v until you see the traversals: each row changes one dimension and holds "
                + "the others.",
            "dimensions.rows.said":
                "Hardly any row has a name such as slant or width. Nothing in the loss asks for that: more dimensions are not "
                + "more control.",
            "dimensions.components.do":
                "Press 0, then v until you see pictures again, then V until the plane is that of the principal components: the directions in "
                + "which the codes vary most.",
            "dimensions.components.said":
                "The first two carry {first} and {second} of the codes' variance. All else is held at its mean, so this plane is "
                + "one slice of many.",

            "how-good": "How good is it?",
            "how-good.bound.do":
                "Reconstruction (of z = μ) and KL of this image add up to {elbo} nats, which is near its −ELBO. The ELBO is a "
                + "lower bound on log p(x); what is missing is the KL divergence of q(z|x) from the true posterior (eq. 1).",
            "how-good.tighter.do":
                "Press i: log p(x) estimated with 1, 50 and 5,000 samples of z, weighted by importance (Burda et al. 2015).",
            "how-good.tighter.said":
                "With one sample it is an estimate of −ELBO: {one} nats. With 50 and 5,000 it is {fifty} and {all}: the more "
                + "samples, the tighter the bound, and the nearer to −log p(x) itself.",
            "how-good.worst.do": "Which digits does it find improbable? Press o until the order says: worst first.",
            "how-good.worst.said":
                "Image {image}: {loss} nats. Improbable is not the same as ugly, and a likely picture is not a pretty one: "
                + "likelihood is no measure of beauty.",
            "how-good.drawing.do": "Draw something that is no digit at all, such as a scribble in a corner.",
            "how-good.drawing.said":
                "It costs {loss} nats; held-out digits cost {mean} on average. So the bound tells you what is unlike "
                + "everything the model has seen.",

            "references": "Three references",
            "references.pytorch.do": "Move the cursor to pytorch, PyTorch's example.",
            "references.pytorch.said":
                "Ours {own}, published {published} nats: grey pixels as they are, 20 dimensions, KL in closed form, the loss "
                + "summed over the batch.",
            "references.tensorflow.do": "Now tensorflow, the tutorial's convolutional model.",
            "references.tensorflow.said":
                "Ours {own}, published {published}. Its pixels are black or white (cut at one half), z has two dimensions, and its KL is "
                + "sampled. Against other pixels, other nats: it is not worse than PyTorch's {other}, it is another game.",
            "references.kingma.do": "Now kingma-20, the paper's own network.",
            "references.kingma.said":
                "Ours {own}. The paper gives curves (Fig. 2), near 100 at their ends; its pixels are drawn at random from the "
                + "grey values, again another protocol. latent reproduce lists every figure with its source.",

            "yours": "Yours",
            "yours.data.do":
                "Your own data: latent explore --data FOLDER and latent train --data FOLDER. latent data list shows what is "
                + "here already.",
            "yours.weights.do":
                "Your own weights: latent explore FILE.safetensors. The shapes say what the network is; what they do not say is assumed, "
                + "and said on the screen.",
            "yours.paper.do":
                "The paper: Kingma & Welling, Auto-Encoding Variational Bayes, arXiv:1312.6114. The code follows it: begin "
                + "with Sources/VAECore/Model/VAE.swift. Press Space to end the tour.",
        ], isASCII: true)
}
