import "./styles/main.scss";
import "./htmx";
import { startBase } from "./base";
import { startMaps } from "./map";
import { startWall } from "./wall";

startBase();
startMaps();
startWall();
