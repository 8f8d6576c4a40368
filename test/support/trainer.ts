/**
 * `train_network.py` of the test world: no torch, but the arguments, files, progress bars and anchors
 * of sd-scripts. What it does beyond that is asked for by environment variables:
 * `T_STEP` seconds a step, `T_EXIT` exit status at the end, `T_FAIL_AT` step that raises, `T_HOLD` a
 * file that must exist before it goes past step 1 (or `T_HOLD_AT`), `T_READY` a file it creates at that step, `T_SAMPLE` the
 * image that is written for each line of the prompts (read anew at each sampling, as sd-scripts does),
 * `T_KEEP_LAST` how many step checkpoints stand before it deletes the oldest, `T_NAN` the steps whose loss is NaN.
 * With `--logging_dir` it writes an event file.
 */
export const trainerSource = String.raw`
import json, os, socket, struct, sys, time

def options(argv):
    found, i = {}, 0
    while i < len(argv):
        key, _, value = argv[i].partition("=")
        key = key.lstrip("-")
        if not _ and i + 1 < len(argv) and not argv[i + 1].startswith("--"):
            i += 1
            value = argv[i]
        found[key] = value
        i += 1
    return found

def toml(path):
    found = {}
    for line in open(path, encoding="utf-8"):
        key, eq, value = line.partition("=")
        if eq and not line.lstrip().startswith("#"):
            value = value.split(" #")[0].strip()
            found[key.strip()] = json.loads(value) if value[0] in '"[tf' else float(value)
    return found

def say(text, end="\n"):
    sys.stderr.write(text + end)
    sys.stderr.flush()

def save(path, step, epoch, config):
    say("\nsaving checkpoint: " + path)
    meta = {"ss_session_id": "4711", "ss_training_started_at": "1795467255.5", "ss_steps": str(step),
            "ss_epoch": str(epoch), "ss_seed": str(int(config.get("seed", 1234567))),
            "ss_output_name": str(config.get("output_name")), "ss_max_train_steps": str(int(config["max_train_steps"])),
            "ss_learning_rate": str(config.get("learning_rate")), "ss_unet_lr": str(config.get("unet_lr"))}
    data = bytes([step % 256]) * 512
    head = json.dumps({"__metadata__": meta, "lora_unet.weight": {"dtype": "U8", "shape": [512], "data_offsets": [0, 512]}}).encode()
    with open(path, "wb") as f:
        f.write(struct.pack("<Q", len(head)) + head + data)

def crc32c(data):
    crc = 0xFFFFFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = (crc >> 1) ^ (0x82F63B78 if crc & 1 else 0)
    crc ^= 0xFFFFFFFF
    return struct.pack("<I", (((crc >> 15) | (crc << 17)) + 0xA282EAD8) & 0xFFFFFFFF)

def varint(number):
    out = b""
    while number > 127:
        out, number = out + bytes([number & 127 | 128]), number >> 7
    return out + bytes([number])

def message(field, body):
    return varint(field * 8 + 2) + varint(len(body)) + body

class Events:
    def __init__(self, config):
        session = str(config.get("log_prefix", "")) + time.strftime("%Y%m%d%H%M%S")
        directory = os.path.join(str(config["logging_dir"]), session, "network_train")
        os.makedirs(directory, exist_ok=True)
        name = "events.out.tfevents.%d.%s.%d.0" % (time.time(), socket.gethostname(), os.getpid())
        self.file = open(os.path.join(directory, name), "ab", buffering=0)
        self.write(message(3, b"brain.Event:2"))

    def write(self, fields):
        event = b"\x09" + struct.pack("<d", time.time()) + fields
        length = struct.pack("<Q", len(event))
        self.file.write(length + crc32c(length) + event + crc32c(event))

    def scalar(self, tag, step, value):
        point = message(1, tag.encode()) + b"\x15" + struct.pack("<f", value)
        self.write(b"\x10" + varint(step) + message(5, message(1, point)))

def main():
    args = options(sys.argv[1:])
    config = toml(args["config_file"]) if "config_file" in args else {}
    config.update({k: (float(v) if v.replace(".", "").replace("e-", "").isdigit() else v) for k, v in args.items()})
    steps = int(config.get("max_train_steps", 6))
    out, name = config.get("output_dir"), config.get("output_name", "last")
    say("INFO     prepare images.")
    print("running training / 学習開始")
    print("  total optimization steps / 学習ステップ数: %d" % steps)
    sys.stdout.flush()
    if out:
        os.makedirs(os.path.join(out, "sample"), exist_ok=True)
    saved = []
    events = Events(config) if config.get("logging_dir") else None
    nan, total = os.environ.get("T_NAN", "").split(), 0.0
    for step in range(1, steps + 1):
        time.sleep(float(os.environ.get("T_STEP", "0.005")))
        loss = float("nan") if str(step) in nan else 1.0 / step
        total += loss
        say("\rsteps: %3d%%|%-10s| %d/%d [00:%02d<00:00, 10.00it/s, avr_loss=%.4f]" % (
            step * 100 // steps, "#" * (step * 10 // steps), step, steps, step,
            total / step if events or total != total else 1.0 / step), end="")
        if events:
            events.scalar("loss/current", step, loss)
            events.scalar("loss/average", step, total / step)
        hold = int(os.environ.get("T_HOLD_AT", "1"))
        if step == hold and os.environ.get("T_READY"):
            open(os.environ["T_READY"], "w").close()
        while step == hold and os.environ.get("T_HOLD") and not os.path.exists(os.environ["T_HOLD"]):
            time.sleep(0.01)
        if step == int(os.environ.get("T_FAIL_AT", "-1")):
            raise RuntimeError("CUDA out of memory. Tried to allocate 2.00 GiB")
        every = int(config.get("save_every_n_steps", 0))
        if out and every and step % every == 0:
            save(os.path.join(out, "%s-step%08d.safetensors" % (name, step)), step, 0, config)
            saved.append(os.path.join(out, "%s-step%08d.safetensors" % (name, step)))
            if len(saved) > int(os.environ.get("T_KEEP_LAST", "1000")):
                say("\nremoving old checkpoint: " + saved[0])
                os.remove(saved.pop(0))
            image, prompts = b"\x89PNG\r\n\x1a\n" + bytes(32), ["--d 42"]
            if os.environ.get("T_SAMPLE"):
                image = open(os.environ["T_SAMPLE"], "rb").read()
                lines = open(config["sample_prompts"], encoding="utf-8").read().splitlines()
                prompts = [line for line in lines if line.strip() and not line.startswith("#")]
            for i, prompt in enumerate(prompts):
                seed = prompt.split("--d ")[1].split()[0]
                with open(os.path.join(out, "sample", "%s_%06d_%02d_20261123205507_%s.png" % (name, step, i, seed)), "wb") as f:
                    f.write(image)
    if out and not os.environ.get("T_EXIT"):
        save(os.path.join(out, name + ".safetensors"), steps, 1, config)
        say("INFO     model saved.")
    sys.exit(int(os.environ.get("T_EXIT", "0")))

main()
`.trimStart();
